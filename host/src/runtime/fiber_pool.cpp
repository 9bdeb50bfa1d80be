#include "runtime/fiber_pool.hpp"

#include <algorithm>

#include "runtime/loop_core.hpp"

namespace calixo::host {

FiberPool::FiberPool(LoopCore& loop, std::size_t stack_bytes, std::size_t idle_max)
    : loop_(loop),
      stack_bytes_(stack_bytes),
      idle_max_(idle_max),
      trim_timer_([this] { trim(); }) {}

FiberPool::~FiberPool() = default;

FiberContext* FiberPool::take() {
  if (!idle_.empty()) {
    FiberContext* const fiber = idle_.back().release();
    idle_.pop_back();
    idle_low_ = std::min(idle_low_, idle_.size());
    return fiber;
  }
  auto fiber = std::make_unique<FiberContext>(loop_);
  return fiber->prepare(stack_bytes_) ? fiber.release() : nullptr;
}

void FiberPool::give_back(FiberContext& fiber) {
  idle_.emplace_back(&fiber);
  if (!trim_timer_.is_armed()) arm_trim_timer();
}

// Contexts that were idle all the interval long are surplus; the rest keep only shallow stacks.
void FiberPool::trim() {
  const std::size_t above_max = idle_.size() > idle_max_ ? idle_.size() - idle_max_ : 0;
  const std::size_t surplus = std::min({above_max, idle_low_, kReleasedPerTrimMax});
  {
    const std::lock_guard lock(loop_.label_mutex());  // the watchdog may look at one of them
    idle_.erase(idle_.begin(), idle_.begin() + static_cast<std::ptrdiff_t>(surplus));
  }
  for (const auto& fiber : idle_) fiber->trim_stack();
  if (idle_.size() > idle_max_) arm_trim_timer();
}

void FiberPool::arm_trim_timer() {
  idle_low_ = idle_.size();
  loop_.timers().arm(trim_timer_, Deadline(loop_.now() + kTrimInterval));
}

}  // namespace calixo::host
