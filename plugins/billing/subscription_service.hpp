// What a person has subscribed to, as they see it.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>

#include "premium.hpp"

namespace calixo::billing {

struct SubscriptionView {
  std::string id;
  std::string status;
  std::optional<std::string> plan;
  std::optional<Timestamp> current_period_end;
  bool cancel_at_period_end = false;
  std::optional<Timestamp> cancel_at;
  std::optional<Timestamp> trial_end;
};
BOOST_DESCRIBE_STRUCT(SubscriptionView, (),
                      (id, status, plan, current_period_end, cancel_at_period_end, cancel_at,
                       trial_end))

struct Membership {
  bool is_premium = false;
  std::optional<Timestamp> premium_until;
  std::optional<SubscriptionView> subscription;
};
BOOST_DESCRIBE_STRUCT(Membership, (), (is_premium, premium_until, subscription))

// Of several subscriptions the one that lasts longest, or else the newest. [fiber, suspends]
Membership membership_of(Context& context, const GraceRules& grace);

}  // namespace calixo::billing
