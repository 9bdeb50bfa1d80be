// Until when a subscription makes its person premium. Pure functions. [any-thread]
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "projection.hpp"

namespace calixo::billing {

// Where Stripe names no end: the last second that a timestamp can be written of.
inline constexpr Timestamp kNoEnd{253'402'300'799 * 1'000'000};

struct GraceRules {
  std::int64_t past_due_s = 0;  // after a renewal failed
  std::int64_t renewal_s = 0;   // for the word that a period was renewed
};

// Nothing where it does not, whatever the time.
std::optional<Timestamp> premium_until(const SubscriptionRow& row, const GraceRules& grace);
// By the one that lasts longest.
std::optional<Timestamp> premium_until(const std::vector<SubscriptionRow>& rows,
                                       const GraceRules& grace);

}  // namespace calixo::billing
