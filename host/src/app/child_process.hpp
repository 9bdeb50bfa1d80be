// A worker process as its supervisor sees it: this binary, executed again, in a process group of
// its own (a Ctrl-C on the terminal reaches the supervisor alone), ended when the supervisor dies.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace calixo::host {

class ChildProcess {
 public:
  struct Options {
    std::vector<std::string> arguments;                            // after the program's name
    std::vector<std::pair<std::string, std::string>> environment;  // added to this process's
    int inherited_descriptor = -1;                                 // appended: --listen-fd N
  };
  // Throws std::runtime_error where the process can't be made.
  explicit ChildProcess(const Options& options);
  ~ChildProcess();  // kills what still runs
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;

  pid_t id() const { return id_; }
  // What the worker tells: notices, then "ready". Readable end of a pipe, non-blocking.
  int report_descriptor() const { return report_; }
  void signal(int number) const;
  // The wait status once it ended; must have been told by SIGCHLD or after kill.
  bool has_ended(int& wait_status);

 private:
  pid_t id_ = -1;
  int report_ = -1;
};

}  // namespace calixo::host
