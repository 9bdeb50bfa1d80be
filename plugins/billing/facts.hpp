// What an event of Stripe says of a customer, a subscription and a payment, in the shapes of both
// API generations. Pure functions. [any-thread]
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "projection.hpp"

namespace calixo::billing {

// What no event of Stripe's lacks: the rest is looked at later.
struct EventHead {
  std::string id;
  std::string type;
  std::int64_t created;  // Unix seconds, by Stripe's clock
  bool livemode = false;
  std::optional<std::string> api_version;
};
BOOST_DESCRIBE_STRUCT(EventHead, (), (id, type, created, livemode, api_version))
CALIXO_RULES(EventHead) {
  rules.at<&EventHead::id>().length(1, 255);
  rules.at<&EventHead::type>().length(1, 255);
  rules.at<&EventHead::created>().range(0, 253'402'300'799);
  rules.at<&EventHead::api_version>().length(0, 64);
}

// A checkout that is over, paid or not, and the coupon that its price is less by.
struct CouponOfCheckout {
  std::int32_t coupon_id = 0;
  std::string session_id;
  Uuid user_id;             // empty: it names nobody
  bool is_expired = false;  // it was not paid, and can't be any more
};

// The member of a checkout's metadata that names the coupon, by our id.
inline constexpr std::string_view kCouponOfCheckout = "calixo_coupon_id";

struct Facts {
  std::string customer_id;  // empty: it names none
  std::optional<CustomerLink> link;
  std::optional<SubscriptionRow> subscription;
  std::optional<PaymentRow> payment;
  std::optional<CouponOfCheckout> coupon;
};

// An event whose object is not of the shape that its type promises; says what is wrong.
class UnreadableEvent : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Empty facts where the type is none that matters here. Throws UnreadableEvent.
Facts facts_of(const Json& event);

// A subscription as Stripe's API answered when it was asked: counts more than `present`, and less
// than what is created later. Throws UnreadableEvent.
SubscriptionRow fetched_subscription(const Json& subscription, const SubscriptionRow& present);

}  // namespace calixo::billing
