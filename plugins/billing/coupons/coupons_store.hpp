// Coupons as administrators keep them: SQL and nothing else. Every call suspends its fiber and runs
// as the caller, under the policies.
#pragma once

#include <calixo/pages.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coupon.hpp"

namespace calixo::billing {

// The members that may be unset.
enum class CouponUnset {
  valid_from,
  valid_until,
  redemptions_max,
  redemptions_per_user_max,
  plans
};
BOOST_DESCRIBE_ENUM(CouponUnset, valid_from, valid_until, redemptions_max, redemptions_per_user_max,
                    plans)

// What is written; an empty member keeps what is there, unless it is unset.
struct CouponChange {
  std::optional<std::int32_t> discount_percent;
  std::optional<CouponUse> valid_for;
  std::optional<std::vector<std::string>> plans;
  std::optional<Timestamp> valid_from, valid_until;
  std::optional<std::int32_t> redemptions_max, redemptions_per_user_max;
  std::optional<bool> is_active;
  std::vector<CouponUnset> unset;
};

struct CouponFilter {
  std::optional<std::string> code_prefix;
  std::optional<bool> is_active;
};

// By id.
std::vector<Coupon> list_coupons(Database& db, const CouponFilter& filter, const Slice& slice);
std::optional<Coupon> find_coupon(Database& db, std::int32_t id);
// DbError: a unique violation where the code is taken, a check violation where it ends before it
// begins, or plans are named of what is for the store alone.
Coupon insert_coupon(Database& db, const std::string& code, const CouponChange& made);
// Nothing where there is none; DbError as above.
std::optional<Coupon> update_coupon(Database& db, std::int32_t id, const CouponChange& change);
// False where there is none; DbError with a foreign key violation where it was ever redeemed.
bool delete_coupon(Database& db, std::int32_t id);

}  // namespace calixo::billing
