#include "app/validate/check_process.hpp"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <thread>

#include "app/child_process.hpp"
#include "app/interrupt.hpp"

namespace calixo::host {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSilenceMax{30'000};  // between two cases: above all patience within one
constexpr milliseconds kTick{200};
constexpr int kProcessesMax = 12;
constexpr std::size_t kErrorLinesMax = 3;

ChildProcess start(const Check& check, const CheckInput& input,
                   const std::filesystem::path& errors) {
  ChildProcess::Options options;
  options.arguments = {"validate-check",
                       std::string(check.name),
                       input.file,
                       "--error-file=" + errors.string(),
                       "--seed=" + std::to_string(input.seed),
                       "--seconds=" + std::to_string(input.time.count() / 1000)};
  for (const std::string& file : input.with) options.arguments.push_back("--with=" + file);
  for (const std::string& subject : input.skipped) options.arguments.push_back("--skip=" + subject);
  if (!input.sources.config_file.empty()) {
    options.arguments.push_back("--config=" + input.sources.config_file.string());
  }
  for (const auto& [name, value] : input.sources.settings) {
    if (name == "database.url") continue;  // a secret, and not the scratch database's
    options.arguments.push_back("--set=" + name + "=" + value);
  }
  options.environment.emplace_back("CALIXO_VALIDATE_DATABASE_URL", input.database_url);
  return ChildProcess(options);
}

enum class Ending { ended, silent };

// Takes what the process tells until it closes its pipe.
Ending listen(const ChildProcess& process, CheckTold& told) {
  std::string unread;
  auto last_heard = std::chrono::steady_clock::now();
  for (;;) {
    pollfd watched{process.report_descriptor(), POLLIN, 0};
    ::poll(&watched, 1, static_cast<int>(kTick.count()));
    if (Interrupt::is_requested()) throw Interrupted();
    std::array<char, 4096> buffer;
    const ssize_t size = ::read(process.report_descriptor(), buffer.data(), buffer.size());
    if (size == 0) return Ending::ended;
    const auto now = std::chrono::steady_clock::now();
    if (size > 0) {
      last_heard = now;
      unread.append(buffer.data(), static_cast<std::size_t>(size));
    }
    for (std::size_t end; (end = unread.find('\n')) != std::string::npos;) {
      told.take(std::string_view(unread).substr(0, end));
      unread.erase(0, end + 1);
    }
    if (now - last_heard > kSilenceMax) return Ending::silent;
  }
}

int wait_for(ChildProcess& process) {
  int status = 0;
  while (!process.has_ended(status)) {
    if (Interrupt::is_requested()) throw Interrupted();
    std::this_thread::sleep_for(milliseconds(1));
  }
  return status;
}

// The last of what the process wrote: the host's line about the crash, or the C++ runtime's.
std::string last_errors(const std::filesystem::path& file, std::streamoff since) {
  std::ifstream in(file);
  in.seekg(since);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line.substr(0, 300));
  }
  std::string text;
  const std::size_t first = lines.size() - std::min(lines.size(), kErrorLinesMax);
  for (std::size_t i = first; i < lines.size(); ++i) text += (text.empty() ? "" : " / ") + lines[i];
  return text;
}

std::string how_it_ended(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    return "the process died of SIG" + std::string(sigabbrev_np(WTERMSIG(wait_status)));
  }
  return "the process ended with status " + std::to_string(WEXITSTATUS(wait_status));
}

CheckFinding crash_finding(const Check& check, const CheckTold& told, const std::string& how,
                           const std::string& errors) {
  CheckFinding finding;
  finding.subject = told.subject;
  finding.cause =
      (told.detail.empty() ? "" : told.detail + ": ") + how + (errors.empty() ? "" : ": " + errors);
  finding.way_out = check.crash_hint;
  return finding;
}

// A later process of a check tells again what an earlier one told before it ended.
void add_new(const CheckFinding& finding, std::vector<CheckFinding>& findings) {
  const bool is_known =
      std::any_of(findings.begin(), findings.end(), [&](const CheckFinding& other) {
        return other.subject == finding.subject && other.cause == finding.cause;
      });
  if (!is_known) findings.push_back(finding);
}

}  // namespace

bool CheckOutcome::is_sound() const {
  return std::all_of(findings.begin(), findings.end(),
                     [](const CheckFinding& finding) { return finding.is_warning; });
}

CheckOutcome run_check(const Check& check, CheckInput input, const std::filesystem::path& errors) {
  CheckOutcome outcome;
  for (int i = 0; i < kProcessesMax; ++i) {
    std::error_code none;
    const auto size = std::filesystem::file_size(errors, none);
    const auto since = none ? std::streamoff{0} : static_cast<std::streamoff>(size);
    ChildProcess process = start(check, input, errors);
    CheckTold told;
    const Ending ending = listen(process, told);
    if (ending == Ending::silent) process.signal(SIGKILL);
    const int status = wait_for(process);
    for (const CheckFinding& finding : told.findings) add_new(finding, outcome.findings);
    for (auto& [name, value] : told.facts) outcome.facts[name] = value;
    outcome.summary = told.summary;
    if (told.has_ended) return outcome;
    const bool is_abandoned = WIFEXITED(status) && WEXITSTATUS(status) == kExitAbandoned;
    if (!is_abandoned) {
      const std::string how =
          ending == Ending::silent ? "nothing went on for 30 s, it hangs" : how_it_ended(status);
      outcome.findings.push_back(crash_finding(check, told, how, last_errors(errors, since)));
    }
    if (input.is_skipped(told.subject) || told.subject.empty()) return outcome;
    if (!check.needs_database || check.name == "migrations" || check.name == "lifecycle") {
      return outcome;  // their cases stand on each other
    }
    input.skipped.push_back(told.subject);
  }
  return outcome;
}

}  // namespace calixo::host
