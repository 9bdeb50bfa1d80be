// The one way to wait: a one-shot meeting of a waiter (a fiber, or a worker thread) and whoever
// completes it. A fiber suspends, its loop goes on; a worker thread blocks.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <utility>

#include "runtime/deadline.hpp"

namespace calixo::host {

enum class WaitStatus { ready, timed_out, cancelled };

class WaitState;
void intrusive_ptr_add_ref(WaitState* state) noexcept;
void intrusive_ptr_release(WaitState* state) noexcept;

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

  // A handle that completes; copies may outlive the Completion, and its loop once the waiter has
  // gone. The first call counts; what was written before it, the waiter sees.
  class Handle {
   public:
    Handle() = default;     // completes nothing
    void complete() const;  // [any-thread]
   private:
    friend class Completion;
    explicit Handle(boost::intrusive_ptr<WaitState> state) : state_(std::move(state)) {}
    boost::intrusive_ptr<WaitState> state_;
  };
  Handle handle() const;

 private:
  boost::intrusive_ptr<WaitState> state_;
};

// Suspends for at least the duration: `ready`. Or the fiber's deadline or its cancellation ends
// it before: `timed_out`, `cancelled`. [fiber, suspends]
WaitStatus sleep_for(std::chrono::milliseconds duration);

}  // namespace calixo::host
