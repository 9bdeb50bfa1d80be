// Promotional codes, for plugins that sell something.
//
//   Coupons coupons_(plugin);                                      // in describe
//   const int percent = coupons_.redeem(tx, {.user_id = id, .code = code, .sold_by = "store",
//                                            .sold_for = "purchase:17"});
//
// A code is redeemed with the transaction; for the same sale it counts once.
#pragma once

#include <calixo/abi/coupons.h>
#include <calixo/detail/service_call.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <string_view>

namespace calixo {

// What is to be redeemed: see calixo_redemption.
struct Redemption {
  std::string_view user_id;   // UUID text
  std::string_view code;      // as the person wrote it
  std::string_view sold_by;   // what kind of sale: "store"
  std::string_view sold_for;  // which sale: "purchase:17"
};

// How long a person who gave too many wrong codes has to wait, at most.
inline constexpr std::uint32_t kCouponGuessesWindowS = 600;

// The problem that says why a coupon is not redeemed; outcome: CALIXO_COUPON_…, but "redeemed".
// [any-thread]
inline Problem coupon_problem(std::int32_t outcome) {
  switch (outcome) {
    case CALIXO_COUPON_NOT_FOUND:
      return not_found("coupon");
    case CALIXO_COUPON_EXPIRED:
      return conflict("coupon_expired");
    case CALIXO_COUPON_EXHAUSTED:
      return conflict("coupon_exhausted");
    case CALIXO_COUPON_USED:
      return conflict("coupon_used");
    case CALIXO_COUPON_GUESSED:
      return Problem(429, "coupon_guesses_exceeded").retry_after_s(kCouponGuessesWindowS);
    default:
      return conflict("coupon_not_for_this");
  }
}

// The texts of those problems, for a plugin whose routes answer them. [startup]
inline void register_coupon_messages(Plugin& plugin) {
  plugin.message("coupon_not_found",
                 {.es = "Ese cupón no existe.", .en = "There is no such coupon."});
  plugin.message("coupon_expired",
                 {.es = "Ese cupón ya no es válido.", .en = "This coupon is no longer valid."});
  plugin.message("coupon_exhausted",
                 {.es = "Ese cupón está agotado.", .en = "This coupon is used up."});
  plugin.message("coupon_used",
                 {.es = "Ya has usado ese cupón.", .en = "You have used this coupon already."});
  plugin.message("coupon_not_for_this",
                 {.es = "Ese cupón no vale para esto.", .en = "This coupon is not for this."});
  plugin.message("coupon_guesses_exceeded",
                 {.es = "Demasiados códigos que no existen; espera un poco.",
                  .en = "Too many codes that do not exist; wait a while."});
}

// The coupons' service. A small value: copy it.
class Coupons {
 public:
  // An optional one may be away: the plugin that keeps coupons is switched off. [startup]
  explicit Coupons(Plugin& plugin, Need need = Need::optional)
      : table_(plugin.need<calixo_coupons_v1>(CALIXO_COUPONS_ID, need)) {}

  // Whether there are coupons. From start on. [any-thread]
  explicit operator bool() const { return static_cast<bool>(table_); }

  // Redeems; the percent that is taken off, 1 to 100. Problems 404 coupon_not_found, 409
  // coupon_expired, coupon_exhausted, coupon_used, coupon_not_for_this, 429
  // coupon_guesses_exceeded; every other refusal is a HostFailure. [fiber, suspends]
  std::int32_t redeem(const Transaction& tx, const Redemption& redemption) const {
    calixo_redemption asked{};
    asked.struct_size = sizeof asked;
    asked.user_id = detail::to_abi(redemption.user_id);
    asked.code = detail::to_abi(redemption.code);
    asked.sold_by = detail::to_abi(redemption.sold_by);
    asked.sold_for = detail::to_abi(redemption.sold_for);
    std::int32_t outcome = CALIXO_COUPON_NOT_FOUND, percent = 0;
    detail::throw_unless_served(
        detail::suspending(
            [&] { return table_->redeem(table_->user, tx.handle(), &asked, &outcome, &percent); }),
        "redeem a coupon");
    if (outcome != CALIXO_COUPON_REDEEMED) throw coupon_problem(outcome);
    return percent;
  }

 private:
  Needed<calixo_coupons_v1> table_;
};

}  // namespace calixo
