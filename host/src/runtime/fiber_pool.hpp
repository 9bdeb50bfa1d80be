// Fiber contexts with their stacks, kept for the next tasks. What a burst left over, and the deep
// parts of the stacks kept, soon go back to the system. Not thread-safe: a loop's own.
#pragma once

#include <memory>
#include <vector>

#include "runtime/fiber_context.hpp"

namespace calixo::host {

class FiberPool {
 public:
  FiberPool(LoopCore& loop, std::size_t stack_bytes, std::size_t idle_max);
  ~FiberPool();

  // A context without a task; nullptr where there is no memory for a stack.
  FiberContext* take();
  void give_back(FiberContext& fiber);

  std::size_t idle_count() const { return idle_.size(); }

 private:
  static constexpr std::chrono::milliseconds kTrimInterval{500};
  static constexpr std::size_t kReleasedPerTrimMax = 512;  // keeps a turn short

  void trim();
  void arm_trim_timer();

  LoopCore& loop_;
  const std::size_t stack_bytes_;
  const std::size_t idle_max_;
  std::vector<std::unique_ptr<FiberContext>> idle_;  // the last one is taken first
  std::size_t idle_low_ = 0;                         // the fewest since the last trim
  EventLoop::Timer trim_timer_;
};

}  // namespace calixo::host
