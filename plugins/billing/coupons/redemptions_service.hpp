// Who redeems which coupon: calixo.coupons/1 for plugins that sell, in their transactions, and
// Stripe's checkouts. What each call of the service promises, abi/coupons.h says. A coupon's row is
// locked after all of people's (accounts, customers, roles) and before items', so that nobody waits
// in a ring.
#pragma once

#include <calixo/abi/coupons.h>

#include <calixo/deferred.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include "coupon.hpp"
#include "facts.hpp"

namespace calixo::billing {

class RedemptionsService {
 public:
  // Offers the service. [startup]
  explicit RedemptionsService(Plugin& plugin);
  RedemptionsService(const RedemptionsService&) = delete;
  RedemptionsService& operator=(const RedemptionsService&) = delete;

  // What the caller would get for that plan; redeems nothing. Problems: 404 coupon_not_found, 409
  // coupon_expired, coupon_exhausted, coupon_used, coupon_not_for_this. [fiber, suspends]
  CouponStanding check(Context& context, const std::string& code, std::string_view plan) const;
  // A checkout with a coupon is over: redeemed, once, in tx. Stripe has taken it off the price, so
  // it counts even where others were faster; that is told in the log. [fiber, suspends]
  void complete(Transaction& tx, const CouponOfCheckout& used) const;

 private:
  static calixo_status redeem(void* user, calixo_tx* tx, const calixo_redemption* redemption,
                              std::int32_t* outcome, std::int32_t* discount_percent);

  Plugin& plugin_;
  Deferred deferred_;
  calixo_coupons_v1 table_{};
};

}  // namespace calixo::billing
