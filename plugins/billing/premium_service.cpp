#include "premium_service.hpp"

#include "projection_store.hpp"

namespace calixo::billing {

PremiumService::PremiumService(Plugin& plugin, const Settings& settings)
    : settings_(settings),
      premium_(plugin),
      lapse_(plugin.job<Lapse>("lapse", [this](JobContext& job, const Lapse& due) {
        job.transaction([&](Transaction& tx) { settle(tx, due.user_id); });
      })) {}

GraceRules PremiumService::grace() const {
  return {settings_.past_due_grace_s.get(), settings_.renewal_grace_s.get()};
}

// The lock: a lapse that looked before a renewal must not speak after it.
void PremiumService::settle(Transaction& tx, std::string_view user_id) const {
  lock_person(tx, user_id);
  const HeldSubscriptions held = subscriptions_of(tx, user_id);
  const auto until = premium_until(held.rows, grace());
  const bool is_premium = until && *until > held.now;
  premium_.set(tx.handle(), user_id, is_premium);
  if (!is_premium || *until >= kNoEnd) return;
  // One for each end: an earlier one finds that there is still time, a later one that there is
  // none.
  const std::string key = std::string(user_id) + ':' + std::to_string(until->unix_us);
  lapse_.enqueue(tx, {std::string(user_id)}, {.not_before = *until, .unique_key = key});
}

}  // namespace calixo::billing
