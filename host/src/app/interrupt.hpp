// Ctrl-C and SIGTERM as something a command asks for, so that what it made is taken down in order.
// One object a process, for the length of a command.
#pragma once

#include <stdexcept>

namespace calixo::host {

class Interrupt {
 public:
  Interrupt();  // from now on SIGINT, SIGTERM and SIGHUP set the flag; system calls are not resumed
  ~Interrupt();  // the signals' default actions again
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  static bool is_requested();
};

// Thrown where a command ends early because of it.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

}  // namespace calixo::host
