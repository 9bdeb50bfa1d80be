// A promotional code, and what decides whether a sale may have it. Pure functions. [any-thread]
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::billing {

// Where a code holds.
enum class CouponUse { subscription, store, both };
BOOST_DESCRIBE_ENUM(CouponUse, subscription, store, both)

// As administrators see it.
struct Coupon {
  std::int32_t id = 0;
  std::string code;
  std::int32_t discount_percent = 0;
  CouponUse valid_for = CouponUse::both;
  std::optional<std::vector<std::string>> plans;
  std::optional<Timestamp> valid_from;
  std::optional<Timestamp> valid_until;
  std::optional<std::int32_t> redemptions_max;
  std::optional<std::int32_t> redemptions_per_user_max;
  bool is_active = true;
  std::int32_t redeemed_count = 0;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Coupon, (),
                      (id, code, discount_percent, valid_for, plans, valid_from, valid_until,
                       redemptions_max, redemptions_per_user_max, is_active, redeemed_count,
                       created_at, updated_at))
CALIXO_RULES(Coupon) {
  rules.at<&Coupon::plans>().describe("The plans it is for; null: all");
  rules.at<&Coupon::redemptions_max>().describe("How often by all; null: any number");
  rules.at<&Coupon::redemptions_per_user_max>().describe("How often by one; null: any number");
}

// A coupon as it stands for one person and one sale.
struct CouponStanding {
  std::int32_t id = 0;
  std::string code;
  std::int32_t discount_percent = 0;
  CouponUse valid_for = CouponUse::both;
  std::optional<std::vector<std::string>> plans;
  bool is_to_come = false;    // not valid yet
  bool is_over = false;       // expired or retired
  bool is_exhausted = false;  // by all
  bool is_used_up = false;    // by this person
  bool is_redeemed = false;   // for this very sale
};
BOOST_DESCRIBE_STRUCT(CouponStanding, (),
                      (id, code, discount_percent, valid_for, plans, is_to_come, is_over,
                       is_exhausted, is_used_up, is_redeemed))

// What is sold.
struct CouponSale {
  CouponUse use = CouponUse::store;
  std::string_view plan = {};      // of a subscription
  std::string_view sold_for = {};  // which sale, where it has begun
};

// Whether it can be a code at all: 3 to 64 of letters, digits, '-' and '_'.
bool is_code(std::string_view text);
// The same of what codes begin with.
bool is_code_prefix(std::string_view text);

// CALIXO_COUPON_…: why the sale can't have it, or that it can. Nobody is told of one to come.
std::int32_t outcome_of(const std::optional<CouponStanding>& standing, const CouponSale& sale);

}  // namespace calixo::billing
