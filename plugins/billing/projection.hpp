// What is known of a customer, a subscription, a payment: each the join of everything said of it.
// Joins are commutative, associative and idempotent: any order of events, any number of times,
// ends in one row. Pure functions. [any-thread]
#pragma once

#include <calixo/plugin.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace calixo::billing {

// When something was said, and within Stripe's one second, which word counts.
struct Stamp {
  std::int64_t created_s = 0;
  std::int32_t rank = 0;
  auto operator<=>(const Stamp&) const = default;
};
BOOST_DESCRIBE_STRUCT(Stamp, (), (created_s, rank))

// Of subscriptions: a first word counts less than a change, a change less than the end, and what
// was asked of Stripe after a second was over more than all that was told of that second.
inline constexpr std::int32_t kRankBegun = 1, kRankChanged = 2, kRankEnded = 3, kRankFetched = 100;

// A subscription as one word about it says.
struct SubscriptionState {
  std::string status;
  std::optional<std::string> plan;  // the price's id
  std::optional<Timestamp> current_period_end;
  bool cancel_at_period_end = false;
  std::optional<Timestamp> cancel_at;
  std::optional<Timestamp> trial_end;
  auto operator<=>(const SubscriptionState&) const = default;
};
BOOST_DESCRIBE_STRUCT(SubscriptionState, (),
                      (status, plan, current_period_end, cancel_at_period_end, cancel_at,
                       trial_end))

struct SubscriptionRow : SubscriptionState, Stamp {
  std::string id;
  std::string customer_id;
  bool is_tied = false;                  // two words of one stamp contradict: Stripe must be asked
  std::optional<Timestamp> past_due_at;  // the last time that it became past due
  bool operator==(const SubscriptionRow&) const = default;

  const SubscriptionState& state() const { return *this; }
  const Stamp& stamp() const { return *this; }
  // From when a grace counts, where it is past due.
  Timestamp past_due_since() const {
    return past_due_at.value_or(Timestamp::from_unix_s(created_s));
  }
};
BOOST_DESCRIBE_STRUCT(SubscriptionRow, (SubscriptionState, Stamp),
                      (id, customer_id, is_tied, past_due_at))

// Both are of one subscription. Of contradicting words one is taken, always the same.
SubscriptionRow join(const SubscriptionRow& one, const SubscriptionRow& other);

// Whose a customer is: who was named first.
struct CustomerLink {
  std::string user_id;
  std::int64_t linked_s = 0;
  bool operator==(const CustomerLink&) const = default;
};
BOOST_DESCRIBE_STRUCT(CustomerLink, (), (user_id, linked_s))

CustomerLink join(const CustomerLink& one, const CustomerLink& other);

struct PaymentState {
  std::int64_t amount_refunded = 0;    // first: it decides between contradicting words
  std::optional<std::int64_t> amount;  // in the currency's smallest unit
  std::optional<std::string> status;   // nothing: only a dispute is known
  std::optional<std::string> currency;
  std::optional<std::string> subscription_id;
  auto operator<=>(const PaymentState&) const = default;
};
BOOST_DESCRIBE_STRUCT(PaymentState, (),
                      (amount_refunded, amount, status, currency, subscription_id))

// An invoice, a charge or a checkout. Refunds of a charge only grow: of contradicting words the one
// with more refunded is taken.
struct PaymentRow : PaymentState, Stamp {
  std::string id;
  std::string kind;
  std::optional<std::string> customer_id;
  std::optional<std::string> dispute_status;
  std::int64_t dispute_created_s = 0;
  std::int32_t dispute_rank = 0;
  bool operator==(const PaymentRow&) const = default;

  const PaymentState& state() const { return *this; }
  const Stamp& stamp() const { return *this; }
};
BOOST_DESCRIBE_STRUCT(PaymentRow, (PaymentState, Stamp),
                      (id, kind, customer_id, dispute_status, dispute_created_s, dispute_rank))

// Both are of one payment.
PaymentRow join(const PaymentRow& one, const PaymentRow& other);

// The present row, if there is one, and what a further event says.
template <class Row>
Row joined(const std::optional<Row>& present, const Row& said) {
  return present ? join(*present, said) : said;
}

}  // namespace calixo::billing
