#include "db/child_command.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace calixo::host {
namespace {

enum Step : int { kOpenLog, kDrop, kEnter, kExec };
constexpr std::array<const char*, 4> kStepNames{"open its log", "drop privileges",
                                                "enter its folder", "run the program"};

struct Failure {
  int step;
  int error;
};

struct Pipe {
  int read_end = -1;
  int write_end = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe: out of descriptors");
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    close_end(read_end);
    close_end(write_end);
  }
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

[[noreturn]] void give_up(int report, Step step) {
  const Failure failure{step, errno};
  [[maybe_unused]] const ssize_t written = ::write(report, &failure, sizeof failure);
  ::_exit(127);
}

// Between fork and exec only async-signal-safe calls: another thread may hold any lock.
[[noreturn]] void become(const ChildCommand& command, const ChildUser& user, char* const* arguments,
                         int log, int input, int report, pid_t parent) {
  ::setsid();
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGPIPE}) ::signal(number, SIG_DFL);
  if (!user.drop()) give_up(report, kDrop);
  // After the drop: changing credentials clears it.
  if (command.parent_death_signal != 0) {
    ::prctl(PR_SET_PDEATHSIG, command.parent_death_signal);
    if (::getppid() != parent) ::_exit(127);
  }
  if (::chdir(command.folder.c_str()) != 0) give_up(report, kEnter);
  ::umask(0077);
  ::dup2(input, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::execv(arguments[0], arguments);
  give_up(report, kExec);
}

int open_log(const std::filesystem::path& path, const ChildUser& user) {
  const int log = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) throw std::runtime_error("can't open " + path.string() + ": " + strerror(errno));
  if (user.is_drop && ::fchown(log, user.uid, user.gid) != 0) { /* the descriptor serves anyway */
  }
  return log;
}

}  // namespace

pid_t start_child(const ChildCommand& command, const ChildUser& user) {
  std::vector<char*> arguments;
  for (const std::string& argument : command.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  Pipe input;
  Pipe report;
  if (::write(input.write_end, command.input.data(), command.input.size()) !=
      static_cast<ssize_t>(command.input.size())) {
    throw std::runtime_error("can't hand input to " + command.arguments.front());
  }
  const int log = open_log(command.log, user);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) {
    become(command, user, arguments.data(), log, input.read_end, report.write_end, parent);
  }
  ::close(log);
  if (pid < 0) throw std::runtime_error(std::string("fork: ") + strerror(errno));
  Pipe::close_end(report.write_end);
  Failure failure{};
  if (::read(report.read_end, &failure, sizeof failure) == sizeof failure) {
    ::waitpid(pid, nullptr, 0);
    throw std::runtime_error(command.arguments.front() + ": can't " +
                             kStepNames[static_cast<std::size_t>(failure.step)] + ": " +
                             strerror(failure.error));
  }
  return pid;
}

std::optional<int> wait_for_child(pid_t pid, std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  auto pause = std::chrono::microseconds(200);
  while (true) {
    int status = 0;
    const pid_t ended = ::waitpid(pid, &status, WNOHANG);
    if (ended == pid) return status;
    if (ended < 0 && errno != EINTR) return 0;  // somebody else reaped it: gone
    if (std::chrono::steady_clock::now() >= end) return std::nullopt;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(10'000));
  }
}

bool is_child_running(pid_t pid) {
  if (pid <= 0) return false;
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
    return false;
  }
  return info.si_pid == 0;
}

std::string last_lines(const std::filesystem::path& file, std::size_t count) {
  std::ifstream stream(file);
  stream.seekg(0, std::ios::end);
  constexpr std::streamoff kTailBytes = 8192;
  const std::streamoff size = stream.tellg();
  stream.seekg(std::max<std::streamoff>(0, size - kTailBytes));
  std::deque<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
    if (lines.size() > count) lines.pop_front();
  }
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

}  // namespace calixo::host
