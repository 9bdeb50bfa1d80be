// A program that a command starts beside itself, in a process group of its own: a terminal's Ctrl-C
// is the command's, which ends its children in order. Of one thread.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace calixo::host {

class Subprocess {
 public:
  struct Options {
    std::vector<std::string> arguments;  // the first is the program, looked for in PATH
    int output = -1;                     // its standard output and error; -1: this process's
    int death_signal = 0;                // sent to it when this process ends without ending it
  };
  // Throws std::runtime_error where no process can be made; a program that is not there ends with
  // status 127.
  explicit Subprocess(const Options& options);
  ~Subprocess();  // kills the group of what still runs
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;

  void signal(int number) const;        // the process alone
  void signal_group(int number) const;  // with all that it started in its group
  // Readable once it has ended; for poll.
  int descriptor() const { return descriptor_; }
  // The wait status once it has ended.
  bool has_ended(int& wait_status);
  // Waits until it has ended, at most so long. False: it runs on.
  bool wait(int patience_ms);

 private:
  pid_t id_ = -1;
  int descriptor_ = -1;
  bool is_over_ = false;
  int wait_status_ = 0;
};

}  // namespace calixo::host
