// validate: runs a plugin library through its checks, each in a process of its own.
// validate-check: that process.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

#include "app/commands.hpp"
#include "app/interrupt.hpp"
#include "app/temporary_folder.hpp"
#include "app/validate/check_process.hpp"
#include "app/validate/host_calls.hpp"
#include "app/validate/scratch_database.hpp"

namespace calixo::host {
namespace {

constexpr std::uint64_t kSecondsDefault = 5;
constexpr std::uint64_t kSecondsMax = 24 * 3600;
constexpr int kExitInterrupted = 130;

std::uint64_t number_of(const Arguments& arguments, std::string_view option,
                        std::uint64_t otherwise) {
  const auto text = arguments.value(option);
  if (!text) return otherwise;
  std::uint64_t number = 0;
  const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (fault != std::errc() || end != text->data() + text->size()) {
    throw UsageError("--" + std::string(option) + " " + *text + ": a whole number is expected");
  }
  return number;
}

std::uint64_t new_seed() { return std::random_device{}(); }

CheckInput input_of(const Arguments& arguments, const std::string& file) {
  CheckInput input;
  std::error_code fault;
  input.file = std::filesystem::canonical(file, fault).string();
  if (fault || !std::filesystem::is_regular_file(input.file)) {
    throw UsageError(file + ": no such file; give the path of a plugin library");
  }
  input.sources = sources_of(arguments);
  input.seed = arguments.has("seed") ? number_of(arguments, "seed", 0) : new_seed();
  input.time =
      std::chrono::seconds(std::min(number_of(arguments, "seconds", kSecondsDefault), kSecondsMax));
  return input;
}

std::string text_of_file(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  if (!in) throw UsageError("--prepare " + name + ": the file can't be read");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The command's run: what the checks share, and the rows they become.
class Validation {
 public:
  Validation(const Arguments& arguments, Output& output)
      : output_(output),
        input_(input_of(arguments, arguments.positional().front())),
        wanted_(arguments.values("check")) {
    if (const auto file = arguments.value("prepare")) prepare_ = text_of_file(*file);
    for (const std::string& name : wanted_) {
      if (find_check(name) == nullptr)
        throw UsageError("--check " + name + ": there is none of that name");
    }
    load_layers(configuration_, input_.sources);
  }

  int run() {
    for (const Check& check : checks()) {
      if (!is_wanted(check)) continue;
      if (!blocker_.empty()) {
        add(check, "not run", {"", "it stands on the check " + blocker_ + ", which failed", ""});
      } else {
        run_one(check);
      }
    }
    output_.table(table_);
    output_.say("seed " + std::to_string(input_.seed) + ": the same inputs again with --seed " +
                std::to_string(input_.seed));
    return is_sound_ ? kExitOk : kExitProblem;
  }

 private:
  // The first two make what the others stand on.
  bool is_wanted(const Check& check) const {
    const bool is_base = check.name == "entry" || check.name == "migrations";
    return wanted_.empty() || is_base ||
           std::find(wanted_.begin(), wanted_.end(), check.name) != wanted_.end();
  }

  void run_one(const Check& check) {
    if (check.needs_database && !database_) {
      database_ = std::make_unique<ScratchDatabase>(configuration_.get_text("database.url"),
                                                    folder_.path());
      input_.database_url = database_->url();
    }
    const CheckOutcome outcome = run_check(check, input_, folder_.path() / "errors");
    take_facts(outcome.facts);
    if (outcome.findings.empty()) {
      add(check, "pass",
          {"", outcome.summary.empty() ? std::string(check.claim) : outcome.summary, ""});
    }
    for (const CheckFinding& finding : outcome.findings) {
      add(check, finding.is_warning ? "warn" : "FAIL", finding);
    }
    const bool others_stand_on_it = check.name == "entry" || check.name == "migrations";
    if (!outcome.is_sound()) {
      is_sound_ = false;
      if (others_stand_on_it && has_no_base(check, outcome)) blocker_ = check.name;
    }
    if (check.name == "migrations" && blocker_.empty() && !prepare_.empty()) {
      database_->prepare(prepare_);
    }
  }

  // Faults that leave what they stand on usable don't keep the other checks from running.
  static bool has_no_base(const Check& check, const CheckOutcome& outcome) {
    if (check.name == "entry") return !outcome.facts.contains("with");
    return outcome.summary.empty();
  }

  void take_facts(const boost::json::object& facts) {
    const boost::json::value* with = facts.if_contains("with");
    if (with != nullptr) input_.with = boost::json::value_to<std::vector<std::string>>(*with);
  }

  void add(const Check& check, const char* result, const CheckFinding& finding) {
    const auto cell = [](const std::string& text) { return text.empty() ? Cell() : Cell(text); };
    table_.rows.push_back({std::string(check.name), std::string(result), cell(finding.subject),
                           cell(finding.cause), cell(finding.way_out)});
  }

  Output& output_;
  CheckInput input_;
  const std::vector<std::string> wanted_;  // checks by name; empty: all
  Configuration configuration_;
  std::string prepare_;
  TemporaryFolder folder_{"calixo-validate"};
  std::unique_ptr<ScratchDatabase> database_;
  Table table_{{{"check"}, {"result"}, {"subject"}, {"finding"}, {"way_out"}}, {}};
  std::string blocker_;
  bool is_sound_ = true;
};

int validate(const Arguments& arguments, Output& output) {
  const Interrupt interrupt;
  try {
    return Validation(arguments, output).run();
  } catch (const Interrupted&) {
    output.complain("interrupted; what it had made is taken down");
    return kExitInterrupted;
  } catch (const UsageError&) {
    throw;
  } catch (const std::exception& error) {
    return complain_about({error.what()}, output);
  }
}

// What the plugin prints, and the host's crash line, go into the command's file.
void redirect_output(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (descriptor < 0) return;
  ::dup2(descriptor, STDOUT_FILENO);
  ::dup2(descriptor, STDERR_FILENO);
  ::close(descriptor);
}

int run_one_check(const Arguments& arguments, Output& output) {
  const Check* check = find_check(arguments.positional().at(0));
  if (check == nullptr || !arguments.has("report-fd")) {
    output.complain("validate-check is started by validate; run `calixo validate FILE`");
    return kExitUsage;
  }
  CheckInput input = input_of(arguments, arguments.positional().at(1));
  input.with = arguments.values("with");
  input.skipped = arguments.values("skip");
  if (const char* url = std::getenv("CALIXO_VALIDATE_DATABASE_URL")) input.database_url = url;
  ::unsetenv("CALIXO_VALIDATE_DATABASE_URL");
  input.sources.settings.emplace_back("log.format", "text");
  input.sources.settings.emplace_back("log.level", "warn");
  redirect_output(arguments.value("error-file").value_or("/dev/null"));
  CheckReport report(static_cast<int>(number_of(arguments, "report-fd", 0)));
  Configuration configuration;
  load_layers(configuration, input.sources);
  start_log(configuration);
  watch_calls_of(input.file);
  try {
    check->run(input, report);
  } catch (const std::exception& error) {
    report.finding({"start", error.what(), "see the cause"});
  }
  report.end();
  return kExitOk;
}

Command validate_command() {
  Command command = make_command(
      "validate", "run a plugin library through lifecycle, failures, cancellation and odd inputs",
      &validate);
  command.positional = "FILE";
  command.positional_min = command.positional_max = 1;
  command.options = {
      {"check", "NAME", "only this check, and what it stands on", true},
      {"seconds", "N", "how long to make up inputs (5)", false},
      {"seed", "S", "of the inputs, to see the same ones again", false},
      {"prepare", "FILE.sql", "SQL to run once the plugins have migrated: data they need", false}};
  return command;
}

Command check_command() {
  Command command =
      make_command("validate-check", "one check; started by validate", &run_one_check);
  command.positional = "CHECK FILE";
  command.positional_min = command.positional_max = 2;
  command.options = {{"seconds", "N", "see validate", false},
                     {"seed", "S", "see validate", false},
                     {"with", "FILE", "a plugin to load beside it", true},
                     {"skip", "SUBJECT", "what ended an earlier process", true},
                     {"error-file", "FILE", "where output goes", false},
                     {"report-fd", "N", "where findings go", false}};
  command.is_hidden = true;
  return command;
}

}  // namespace

void add_validate_commands(CommandSet& commands) {
  commands.add(validate_command());
  commands.add(check_command());
}

}  // namespace calixo::host
