// Customers, subscriptions and payments in the database: SQL and nothing else. Every call suspends
// its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "projection.hpp"

namespace calixo::billing {

// Locks customers to the end of the transaction, making rows where there are none: of events of one
// customer one is applied at a time. Whose each is, if that is known.
using CustomerLinks = std::map<std::string, std::optional<CustomerLink>>;
CustomerLinks lock_customers(Database& service, const std::set<std::string>& ids);
std::optional<CustomerLink> lock_customer(Database& service, const std::string& id);
// The customer is theirs, with its subscriptions. Nothing where there is no such person: false.
bool link_customer(Database& service, std::string_view id, const CustomerLink& link);

// The one that a person has had for the longest.
std::optional<std::string> find_customer_of(Database& service, std::string_view user_id);

// Locked, like customers.
using SubscriptionRows = std::map<std::string, SubscriptionRow>;
SubscriptionRows find_subscriptions(Database& service, const std::vector<std::string>& ids);
std::optional<SubscriptionRow> find_subscription(Database& service, const std::string& id);
// Ids of those that are not over, by id, after `after`.
std::vector<std::string> open_subscriptions(Database& service, std::string_view after,
                                            std::int64_t limit);
// Each once; as whoever's its customer is.
void save_subscriptions(Database& service, const std::vector<SubscriptionRow>& rows);

// Locks payments, making rows where there are none.
using PaymentRows = std::map<std::string, PaymentRow>;
PaymentRows lock_payments(Database& service, const std::map<std::string, std::string>& kinds_by_id);
void save_payments(Database& service, const std::vector<PaymentRow>& rows);

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
