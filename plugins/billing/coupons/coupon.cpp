#include "coupon.hpp"

#include <calixo/abi/coupons.h>

#include <algorithm>

namespace calixo::billing {
namespace {

constexpr std::size_t kCodeMin = 3, kCodeMax = 64;

bool is_of_code(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

bool is_for(const CouponStanding& coupon, const CouponSale& sale) {
  if (coupon.valid_for != CouponUse::both && coupon.valid_for != sale.use) return false;
  if (sale.use != CouponUse::subscription || !coupon.plans) return true;
  return std::find(coupon.plans->begin(), coupon.plans->end(), sale.plan) != coupon.plans->end();
}

}  // namespace

bool is_code(std::string_view text) { return text.size() >= kCodeMin && is_code_prefix(text); }

bool is_code_prefix(std::string_view text) {
  return !text.empty() && text.size() <= kCodeMax &&
         std::all_of(text.begin(), text.end(), &is_of_code);
}

std::int32_t outcome_of(const std::optional<CouponStanding>& standing, const CouponSale& sale) {
  if (!standing) return CALIXO_COUPON_NOT_FOUND;
  if (standing->is_redeemed) return CALIXO_COUPON_REDEEMED;
  if (standing->is_over) return CALIXO_COUPON_EXPIRED;
  if (standing->is_to_come) return CALIXO_COUPON_NOT_FOUND;
  if (!is_for(*standing, sale)) return CALIXO_COUPON_NOT_FOR_THIS;
  if (standing->is_used_up) return CALIXO_COUPON_USED;
  return standing->is_exhausted ? CALIXO_COUPON_EXHAUSTED : CALIXO_COUPON_REDEEMED;
}

}  // namespace calixo::billing
