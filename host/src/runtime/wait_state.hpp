// What a Completion and its handles share: one allocation, and one atomic word that decides who
// was first, the completer or the waiter that left.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "runtime/completion.hpp"

namespace calixo::host {

class FiberContext;
class LoopCore;

// From the step `completed` over `waiting` on, the waiter stays suspended until the completer's
// wake-up reaches its loop: the loop therefore outlives a completion that is under way.
class WaitState {
 public:
  // Bound to the calling fiber or thread, with one reference.
  static WaitState* create();
  virtual ~WaitState() = default;

  virtual WaitStatus wait(Deadline deadline) = 0;
  virtual void complete() = 0;

 protected:
  WaitState() = default;

 private:
  friend void intrusive_ptr_add_ref(WaitState* state) noexcept;
  friend void intrusive_ptr_release(WaitState* state) noexcept;
  std::atomic<std::uint32_t> references_{1};
};

class FiberWaitState final : public WaitState {
 public:
  FiberWaitState(LoopCore& loop, FiberContext& fiber) : loop_(loop), fiber_(fiber) {}

  WaitStatus wait(Deadline deadline) override;
  void complete() override;

  // The waiter's steps; false where the completer was first. [loop]
  bool begin_wait() { return step(Phase::idle, Phase::waiting); }
  bool leave_before_wait() { return step(Phase::idle, Phase::left); }
  bool leave() { return step(Phase::waiting, Phase::left); }

 private:
  enum class Phase : std::uint8_t { idle, waiting, completed, left };
  bool step(Phase from, Phase to) {
    return phase_.compare_exchange_strong(from, to, std::memory_order_acq_rel,
                                          std::memory_order_acquire);
  }

  LoopCore& loop_;
  FiberContext& fiber_;
  std::atomic<Phase> phase_{Phase::idle};
};

class ThreadWaitState final : public WaitState {
 public:
  WaitStatus wait(Deadline deadline) override;
  void complete() override;

 private:
  std::mutex mutex_;
  std::condition_variable completed_;
  bool is_completed_ = false;
};

}  // namespace calixo::host
