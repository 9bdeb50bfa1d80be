// Who redeems which coupon: calixo.coupons/1 for plugins that sell, in their transactions, and
// Stripe's checkouts, which hold a coupon while somebody may pay. What each call of the service
// promises, abi/coupons.h says. Who gives many codes that do not exist is refused by each node for
// a while. A coupon's row is locked after all of people's (accounts, customers, roles) and before
// items', so that nobody waits in a ring.
#pragma once

#include <calixo/abi/coupons.h>

#include <calixo/deferred.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include "coupon.hpp"
#include "facts.hpp"
#include "guess_limit.hpp"
#include "settings.hpp"

namespace calixo::billing {

class RedemptionsService {
 public:
  // Offers the service. [startup]
  RedemptionsService(Plugin& plugin, const Settings& settings);
  RedemptionsService(const RedemptionsService&) = delete;
  RedemptionsService& operator=(const RedemptionsService&) = delete;

  // What the caller would get for that plan; redeems nothing. Problems: 404 coupon_not_found, 409
  // coupon_expired, coupon_exhausted, coupon_used, coupon_not_for_this, 429
  // coupon_guesses_exceeded. [fiber, suspends]
  CouponStanding check(Context& context, const std::string& code, std::string_view plan);
  // Keeps it for the caller while that checkout's session may be paid; problems as of check().
  // [fiber, suspends]
  void hold(Context& context, const std::string& code, std::string_view plan,
            std::string_view session_id, Timestamp until) const;
  // A checkout with a coupon is over: redeemed, once, in tx, or free for others where it was not
  // paid. What Stripe has taken off the price counts even where its event came after the hold's
  // end and others were faster; that is told in the log. [fiber, suspends]
  void complete(Transaction& tx, const CouponOfCheckout& used) const;

 private:
  static calixo_status redeem(void* user, calixo_tx* tx, const calixo_redemption* redemption,
                              std::int32_t* outcome, std::int32_t* discount_percent);

  bool is_guessing(std::string_view user_id, Timestamp now);

  Plugin& plugin_;
  const Settings& settings_;
  GuessLimit guesses_;
  Deferred deferred_;
  calixo_coupons_v1 table_{};
};

}  // namespace calixo::billing
