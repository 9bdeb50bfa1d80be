// Coupons as administrators keep them: plans that can be subscribed to, and nothing that was ever
// redeemed is removed.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <string>

#include "coupons_store.hpp"
#include "settings.hpp"

namespace calixo::billing {

// [fiber, suspends]
class CouponsService {
 public:
  explicit CouponsService(const Settings& settings) : settings_(settings) {}

  Page<Coupon> list(Context& context, const CouponFilter& filter, const Slice& slice) const;
  // 404 coupon_not_found.
  Coupon find(Context& context, std::int32_t id) const;
  // 422 validation_failed with fields, 409 coupon_code_taken.
  Coupon add(Context& context, const std::string& code, const CouponChange& made) const;
  // 404 coupon_not_found, 422 as add.
  Coupon change(Context& context, std::int32_t id, const CouponChange& change) const;
  // 404 coupon_not_found, 409 coupon_in_use: retire it instead.
  void remove(Context& context, std::int32_t id) const;

 private:
  void check(const Context& context, const CouponChange& change) const;

  const Settings& settings_;
};

}  // namespace calixo::billing
