#include "reward.hpp"

#include <algorithm>
#include <cmath>

namespace calixo::challenges {

std::int64_t bounded(std::int64_t reward, const RewardBounds& bounds) {
  return std::min(std::max(reward, bounds.min), bounds.max);
}

std::int32_t reward_paid(std::int64_t promised, double factor, const RewardBounds& bounds) {
  if (factor == 0) return 0;
  const auto earned = std::llround(static_cast<double>(promised) * factor);
  return static_cast<std::int32_t>(bounded(earned, bounds));
}

}  // namespace calixo::challenges
