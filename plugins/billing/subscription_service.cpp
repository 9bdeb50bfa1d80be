#include "subscription_service.hpp"

#include "projection_store.hpp"

namespace calixo::billing {
namespace {

SubscriptionView view_of(const SubscriptionRow& row) {
  return {row.id,        row.status,   row.plan, row.current_period_end, row.cancel_at_period_end,
          row.cancel_at, row.trial_end};
}

}  // namespace

Membership membership_of(Context& context, const GraceRules& grace) {
  Database db = context.db();
  const HeldSubscriptions held = subscriptions_of(db, context.user_id());
  Membership membership;
  for (const SubscriptionRow& row : held.rows) {
    const auto until = premium_until(row, grace);
    if (membership.subscription && until <= membership.premium_until) continue;
    membership.premium_until = until;
    membership.subscription = view_of(row);
  }
  membership.is_premium = membership.premium_until && *membership.premium_until > held.now;
  return membership;
}

}  // namespace calixo::billing
