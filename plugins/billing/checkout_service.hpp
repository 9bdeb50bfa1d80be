// Sessions at Stripe, where people pay and change what they have subscribed to. What a session
// leads to is told by events alone.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>

#include "coupons/redemptions_service.hpp"
#include "form.hpp"
#include "settings.hpp"
#include "stripe_api.hpp"

namespace calixo::billing {

// Where the person goes on.
struct StripeSession {
  std::string id;
  std::string url;
};
BOOST_DESCRIBE_STRUCT(StripeSession, (), (id, url))

class CheckoutService {
 public:
  CheckoutService(Plugin& plugin, const Settings& settings, const StripeApi& api,
                  RedemptionsService& redemptions);

  // Problems: 422 plan_unknown, 409 already_subscribed, those of RedemptionsService::check where a
  // coupon is given, and those of Stripe. [fiber, suspends]
  StripeSession checkout(Context& context, const std::string& plan,
                         const std::optional<std::string>& coupon) const;
  // Problems: 404 customer_not_found, and those of Stripe. [fiber, suspends]
  StripeSession portal(Context& context) const;

 private:
  // The caller's customer at Stripe; made and linked where there is none.
  std::string customer_of(Context& context) const;
  std::string new_customer(Context& context) const;
  // Takes the coupon off the price of the session that the form asks for, and ends it in time.
  void add_coupon(Context& context, const CouponStanding& coupon, std::int64_t ends_s,
                  Form& form) const;
  // Its id at Stripe, where it is made unless it is there.
  std::string coupon_at_stripe(Context& context, const CouponStanding& coupon) const;
  void require_configured() const;
  // Stripe's refusals as problems: 503 where it may pass later, else 502, with a line in the log.
  Json ask(Context& context, std::string_view path, const Form& form,
           const std::string& idempotency_key) const;

  const Settings& settings_;
  const StripeApi& api_;
  RedemptionsService& redemptions_;
};

}  // namespace calixo::billing
