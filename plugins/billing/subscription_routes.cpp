#include "subscription_routes.hpp"

#include <optional>
#include <string>

#include "subscription_service.hpp"

namespace calixo::billing {

CALIXO_RULES(SubscriptionView) {
  rules.at<&SubscriptionView::status>().describe("Stripe's word: trialing, active, past_due, …");
  rules.at<&SubscriptionView::plan>().describe("The price's id at Stripe");
}
CALIXO_RULES(Membership) {
  rules.at<&Membership::premium_until>().describe("Unless it is renewed or ended before");
  rules.at<&Membership::subscription>().describe("Null where there never was one");
}

void register_subscription_routes(Plugin& plugin, const PremiumService& premium) {
  plugin
      .get("/api/billing/subscription",
           [&premium](Context& context) { return membership_of(context, premium.grace()); })
      .allow(Role::user)
      .read_only()
      .summary("The caller's subscription, and until when it makes them premium");
}

}  // namespace calixo::billing
