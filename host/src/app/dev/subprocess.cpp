#include "app/dev/subprocess.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace calixo::host {
namespace {

[[noreturn]] void become(const Subprocess::Options& options, char* const* arguments, pid_t parent) {
  ::setpgid(0, 0);
  if (options.death_signal != 0) ::prctl(PR_SET_PDEATHSIG, options.death_signal);
  if (::getppid() != parent) ::_exit(1);  // it died before the line above
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
  if (options.output >= 0) {
    ::dup2(options.output, STDOUT_FILENO);
    ::dup2(options.output, STDERR_FILENO);
  }
  ::execvp(arguments[0], arguments);
  ::_exit(127);
}

}  // namespace

Subprocess::Subprocess(const Options& options) {
  std::vector<std::string> words = options.arguments;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t parent = ::getpid();
  id_ = ::fork();
  if (id_ == 0) become(options, arguments.data(), parent);
  if (id_ < 0) {
    throw std::runtime_error("can't start " + options.arguments.front() + ": " +
                             std::strerror(errno));
  }
  ::setpgid(id_, id_);  // whichever of both is first
  descriptor_ = static_cast<int>(::syscall(SYS_pidfd_open, id_, 0));
}

Subprocess::~Subprocess() {
  int ignored = 0;
  if (!has_ended(ignored)) {
    signal_group(SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Subprocess::signal(int number) const {
  if (!is_over_) ::kill(id_, number);
}

void Subprocess::signal_group(int number) const {
  if (!is_over_) ::kill(-id_, number);
}

bool Subprocess::has_ended(int& wait_status) {
  if (!is_over_ && ::waitpid(id_, &wait_status_, WNOHANG) == id_) is_over_ = true;
  wait_status = wait_status_;
  return is_over_;
}

bool Subprocess::wait(int patience_ms) {
  pollfd watched{descriptor_, POLLIN, 0};
  int ignored = 0;
  while (!has_ended(ignored)) {
    const int ready = ::poll(&watched, 1, patience_ms);
    if (ready == 0 || (ready < 0 && errno != EINTR)) return has_ended(ignored);
  }
  return true;
}

}  // namespace calixo::host
