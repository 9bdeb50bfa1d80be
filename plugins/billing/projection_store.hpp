// Customers, subscriptions and payments in the database: SQL and nothing else. Every call suspends
// its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projection.hpp"

namespace calixo::billing {

// Locks the customer to the end of the transaction, making its row where there is none: of events
// of one customer one is applied at a time. Whose it is, if that is known.
std::optional<CustomerLink> lock_customer(Database& service, std::string_view id);
// The customer is theirs, with its subscriptions. Nothing where there is no such person: false.
bool link_customer(Database& service, std::string_view id, const CustomerLink& link);

// The one that a person has had for the longest.
std::optional<std::string> find_customer_of(Database& service, std::string_view user_id);

std::optional<SubscriptionRow> find_subscription(Database& service, std::string_view id);
// Ids of those that are not over, by id, after `after`.
std::vector<std::string> open_subscriptions(Database& service, std::string_view after,
                                            std::int64_t limit);
// As whoever's its customer is.
void save_subscription(Database& service, const SubscriptionRow& row);

// Locks the payment, making its row where there is none.
PaymentRow lock_payment(Database& service, const PaymentRow& said);
void save_payment(Database& service, const PaymentRow& row);

// Of whoever says what follows for one person, one speaks at a time, to the end of its transaction.
// Taken after a customer's lock, never before.
void lock_person(Database& service, std::string_view user_id);
// As the service or as that person; by the database's clock, which is the jobs'.
struct HeldSubscriptions {
  std::vector<SubscriptionRow> rows;  // the newest first
  Timestamp now;
};
HeldSubscriptions subscriptions_of(Database& db, std::string_view user_id);

}  // namespace calixo::billing
