// Subscriptions that are to be ended at Stripe, in the database: SQL and nothing else. Every call
// suspends its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace calixo::billing {

// Orders it for all of a person's that are not over; $1 is the person. For their erasure.
inline constexpr std::string_view kOrderCancellations =
    "insert into stripe_cancellations (subscription_id) "
    "select stripe_subscription_id from subscriptions "
    "where user_id = $1 and stripe_subscription_id is not null "
    "and status not in ('canceled', 'incomplete_expired') on conflict do nothing";

std::vector<std::string> ordered_cancellations(Database& service, std::int64_t limit);
void forget_cancellation(Database& service, std::string_view subscription_id);

}  // namespace calixo::billing
