#include "focus/focus_credit.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "focus/days_store.hpp"

namespace calixo::challenges {
namespace {

constexpr std::string_view kReason = "focus";
constexpr std::int64_t kEnergyMost = 100;  // of one feeding
constexpr std::int64_t kExperienceMost = 1'000'000;

}  // namespace

std::int64_t FocusCredits::count_days(Transaction& tx, const FocusSpan& span) const {
  const std::int64_t credit =
      credit_s(span.attended_s, span.interruptions, settings_.credit_rules());
  if (credit == 0) return 0;
  const std::vector<FocusDay> days =
      lock_focus_days(tx, span.user_id, span.started_at, span.ended_at);
  const std::vector<std::int64_t> shares =
      allot(credit, days, settings_.credited_minutes_per_day_max.get() * 60);
  credit_focus_days(tx, span.user_id, days, shares);
  return std::accumulate(shares.begin(), shares.end(), std::int64_t{0});
}

FocusCredit FocusCredits::count(Transaction& tx, const FocusSpan& span) const {
  FocusCredit credit;
  credit.seconds = count_days(tx, span);
  if (span.is_of_attempt) return credit;
  const double factor = span.is_offline ? settings_.offline_factor.get() : 1;
  credit.reward = earned(credit.seconds, settings_.reward_per_minute.get(), factor);
  credit.energy = earned(credit.seconds, settings_.energy_per_minute.get(), factor);
  credit.experience = earned(credit.seconds, settings_.experience_per_minute.get(), factor);
  return credit;
}

void FocusCredits::pay(Transaction& tx, std::string_view user_id, std::int32_t session_id,
                       const FocusCredit& credit) const {
  const std::string source = "focus:" + std::to_string(session_id);
  if (wallet_ && credit.reward > 0) {
    wallet_.credit(
        tx, {.user_id = user_id, .amount = credit.reward, .reason = kReason, .source = source});
  }
  if (!avatar_ || (credit.energy == 0 && credit.experience == 0)) return;
  Feeding feeding;
  feeding.user_id = user_id;
  feeding.energy = static_cast<std::int32_t>(std::min(credit.energy, kEnergyMost));
  feeding.experience = static_cast<std::int32_t>(std::min(credit.experience, kExperienceMost));
  feeding.source = source;
  avatar_.feed(tx, feeding);
}

}  // namespace calixo::challenges
