#include "premium.hpp"

#include <algorithm>
#include <chrono>

namespace calixo::billing {
namespace {

Timestamp later_by(Timestamp time, std::int64_t seconds) {
  return std::min(time + std::chrono::seconds(seconds), kNoEnd);
}

// A paid period ends by itself where it is not to be renewed.
Timestamp end_of_period(const SubscriptionRow& row, std::int64_t renewal_s) {
  const std::optional<Timestamp> period =
      row.current_period_end ? row.current_period_end : row.trial_end;
  if (row.cancel_at) return *row.cancel_at;
  if (!period) return kNoEnd;
  return row.cancel_at_period_end ? *period : later_by(*period, renewal_s);
}

}  // namespace

std::optional<Timestamp> premium_until(const SubscriptionRow& row, const GraceRules& grace) {
  if (row.status == "active" || row.status == "trialing") {
    return end_of_period(row, grace.renewal_s);
  }
  if (row.status == "past_due") return later_by(row.past_due_since(), grace.past_due_s);
  return std::nullopt;
}

std::optional<Timestamp> premium_until(const std::vector<SubscriptionRow>& rows,
                                       const GraceRules& grace) {
  std::optional<Timestamp> last;
  for (const SubscriptionRow& row : rows) last = std::max(last, premium_until(row, grace));
  return last;
}

}  // namespace calixo::billing
