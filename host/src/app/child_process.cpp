#include "app/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace calixo::host {
namespace {

constexpr const char* kThisBinary = "/proc/self/exe";

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

std::vector<std::string> environment_with(
    const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) all.emplace_back(*entry);
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

// In the child, between fork and exec: only async-signal-safe calls.
[[noreturn]] void become_worker(pid_t supervisor, char* const* arguments, char* const* environment,
                                int listening, int report) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);       // without its supervisor, its database is going as well
  if (getppid() != supervisor) _exit(1);  // it died before the line above
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (listening >= 0) fcntl(listening, F_SETFD, 0);
  fcntl(report, F_SETFD, 0);
  execve(kThisBinary, arguments, environment);
  _exit(127);
}

}  // namespace

ChildProcess::ChildProcess(const Options& options) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("can't make a pipe for the worker");
  std::vector<std::string> arguments{"calixo"};
  arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
  arguments.push_back("--report-fd=" + std::to_string(ends[1]));
  if (options.inherited_descriptor >= 0) {
    arguments.push_back("--listen-fd=" + std::to_string(options.inherited_descriptor));
  }
  std::vector<std::string> environment = environment_with(options.environment);
  const std::vector<char*> argument_pointers = pointers(arguments);
  const std::vector<char*> environment_pointers = pointers(environment);
  const pid_t supervisor = ::getpid();
  id_ = fork();
  if (id_ == 0) {
    become_worker(supervisor, argument_pointers.data(), environment_pointers.data(),
                  options.inherited_descriptor, ends[1]);
  }
  ::close(ends[1]);
  report_ = ends[0];
  fcntl(report_, F_SETFL, O_NONBLOCK);
  if (id_ < 0) {
    throw std::runtime_error(std::string("can't start a worker process: ") + std::strerror(errno));
  }
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : id_(std::exchange(other.id_, -1)), report_(std::exchange(other.report_, -1)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(report_, other.report_);
  return *this;
}

ChildProcess::~ChildProcess() {
  if (id_ > 0) {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  if (report_ >= 0) ::close(report_);
}

void ChildProcess::signal(int number) const {
  if (id_ > 0) ::kill(id_, number);
}

bool ChildProcess::has_ended(int& wait_status) {
  if (id_ <= 0 || ::waitpid(id_, &wait_status, WNOHANG) != id_) return false;
  id_ = -1;
  return true;
}

}  // namespace calixo::host
