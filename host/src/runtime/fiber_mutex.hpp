// A fair lock that may be held across suspensions; fibers of any loop and worker threads share it.
#pragma once

#include <memory>

#include "runtime/completion.hpp"

namespace calixo::host {

class FiberMutex {
 public:
  FiberMutex();
  ~FiberMutex();
  // cancelled or timed_out: not locked. [fiber, suspends]
  WaitStatus lock(Deadline deadline = Deadline::never());
  void unlock();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calixo::host
