// What a completion pays. Pure functions. [any-thread]
#pragma once

#include <cstdint>

#include "settings.hpp"

namespace calixo::challenges {

// What the template promised, as the bounds hold it.
std::int64_t bounded(std::int64_t reward, const RewardBounds& bounds);

// The promised reward times the type's factor, within the bounds; 0 where the factor is 0.
std::int32_t reward_paid(std::int64_t promised, double factor, const RewardBounds& bounds);

}  // namespace calixo::challenges
