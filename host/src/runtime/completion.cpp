#include "runtime/completion.hpp"

#include <cassert>

#include "runtime/loop_core.hpp"
#include "runtime/wait_state.hpp"

namespace calixo::host {

void intrusive_ptr_add_ref(WaitState* state) noexcept {
  state->references_.fetch_add(1, std::memory_order_relaxed);
}

void intrusive_ptr_release(WaitState* state) noexcept {
  if (state->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete state;
}

WaitState* WaitState::create() {
  LoopCore* const loop = LoopCore::current();
  FiberContext* const fiber = loop == nullptr ? nullptr : loop->running_fiber();
  if (fiber == nullptr) return new ThreadWaitState;
  return new FiberWaitState(*loop, *fiber);
}

WaitStatus FiberWaitState::wait(Deadline deadline) {
  assert(Fiber::current() == &fiber_ && "a Completion is awaited by the fiber that made it");
  return fiber_.wait(*this, deadline);
}

void FiberWaitState::complete() {
  if (step(Phase::idle, Phase::completed)) return;      // nobody waits yet
  if (!step(Phase::waiting, Phase::completed)) return;  // nobody waits any more
  if (LoopCore::current() == &loop_) {
    fiber_.wake(WaitStatus::ready);
  } else {
    loop_.post([fiber = &fiber_] { fiber->wake(WaitStatus::ready); });
  }
}

WaitStatus ThreadWaitState::wait(Deadline deadline) {
  assert(LoopCore::current() == nullptr && "a loop never waits outside of a fiber");
  std::unique_lock lock(mutex_);
  const auto is_completed = [this] { return is_completed_; };
  if (deadline.is_never()) {
    completed_.wait(lock, is_completed);
    return WaitStatus::ready;
  }
  return completed_.wait_until(lock, deadline.at(), is_completed) ? WaitStatus::ready
                                                                  : WaitStatus::timed_out;
}

void ThreadWaitState::complete() {
  const std::lock_guard lock(mutex_);
  is_completed_ = true;
  completed_.notify_one();
}

Completion::Completion() : state_(WaitState::create(), false) {}

Completion::~Completion() = default;

WaitStatus Completion::wait(Deadline deadline) { return state_->wait(deadline); }

Completion::Handle Completion::handle() const { return Handle(state_); }

void Completion::Handle::complete() const {
  if (state_ != nullptr) state_->complete();
}

WaitStatus sleep_for(std::chrono::milliseconds duration) {
  const Deadline end = Deadline::in(duration);
  Completion never_completed;
  const WaitStatus status = never_completed.wait(end);
  return status == WaitStatus::timed_out && end.has_passed() ? WaitStatus::ready : status;
}

}  // namespace calixo::host
