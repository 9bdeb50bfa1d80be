// Wakes a fiber that waits for work: set by anybody, kept until the fiber looks.
#pragma once

#include <mutex>
#include <utility>

#include "runtime/completion.hpp"

namespace calixo::host {

class WakeUp {
 public:
  // [any-thread]
  void set() {
    Completion::Handle waiter;
    {
      const std::lock_guard lock(mutex_);
      is_set_ = true;
      waiter = std::exchange(waiter_, {});
    }
    waiter.complete();
  }

  // Until set, or the deadline. One fiber at a time. [fiber, suspends]
  WaitStatus wait(Deadline deadline) {
    Completion completion;
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(is_set_, false)) return WaitStatus::ready;
      waiter_ = completion.handle();
    }
    const WaitStatus status = completion.wait(deadline);
    const std::lock_guard lock(mutex_);
    waiter_ = {};
    is_set_ = false;
    return status;
  }

 private:
  std::mutex mutex_;  // never held across a suspension
  bool is_set_ = false;
  Completion::Handle waiter_;
};

}  // namespace calixo::host
