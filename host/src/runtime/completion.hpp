// The one way to wait: a one-shot meeting of a waiter (a fiber, or a worker thread) and whoever
// completes it. A fiber suspends, its loop goes on; a worker thread blocks.
#pragma once

#include <memory>

#include "runtime/deadline.hpp"

namespace calixo::host {

enum class WaitStatus { ready, timed_out, cancelled };

class Completion {
 public:
  // Binds to the calling fiber or, outside of one, to the calling thread.
  Completion();
  ~Completion();
  Completion(const Completion&) = delete;
  Completion& operator=(const Completion&) = delete;

  // Until complete(), the deadline (the fiber's own counts as well), or the fiber's cancellation.
  // Once. After it answers timed_out or cancelled, a later complete() has no effect: what the
  // completer writes to must therefore not live on the waiter's stack. [fiber, suspends]
  WaitStatus wait(Deadline deadline = Deadline::never());

  // A handle that completes; copies may outlive the Completion. The first call counts.
  class Handle {
   public:
    void complete() const;  // [any-thread]
   private:
    friend class Completion;
    struct State;
    std::shared_ptr<State> state_;
  };
  Handle handle() const;

 private:
  std::shared_ptr<Handle::State> state_;
};

// Suspends for at least the duration. [fiber, suspends]
WaitStatus sleep_for(std::chrono::milliseconds duration);

}  // namespace calixo::host
