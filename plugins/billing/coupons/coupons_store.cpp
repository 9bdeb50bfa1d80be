#include "coupons_store.hpp"

#include <algorithm>

namespace calixo::billing {
namespace {

constexpr std::string_view kColumns = R"(
  id, code, discount_percent, valid_for, plans, valid_from, valid_until, redemptions_max,
  redemptions_per_user_max, is_active, redeemed_count, created_at, updated_at )";

}  // namespace

std::vector<Coupon> list_coupons(Database& db, const CouponFilter& filter, const Slice& slice) {
  static const std::string kSql = "select" + std::string(kColumns) + R"(from coupons
    where id > $1::bigint and ($2::text is null or starts_with(code, upper($2)))
      and ($3::boolean is null or is_active = $3)
    order by id limit $4)";
  return db
      .query(kSql, slice.after_id.value_or(0), filter.code_prefix, filter.is_active,
             slice.limit + 1)
      .as<Coupon>();
}

std::optional<Coupon> find_coupon(Database& db, std::int32_t id) {
  static const std::string kSql = "select" + std::string(kColumns) + "from coupons where id = $1";
  return db.query(kSql, id).first<Coupon>();
}

Coupon insert_coupon(Database& db, const std::string& code, const CouponChange& made) {
  static const std::string kSql = R"(
    insert into coupons (code, discount_percent, valid_for, plans, valid_from, valid_until,
                         redemptions_max, redemptions_per_user_max, is_active)
    values (upper($1), $2, coalesce($3, 'both'), $4, $5, $6, $7, coalesce($8, 1),
            coalesce($9, true))
    returning)" + std::string(kColumns);
  return db
      .query(kSql, code, made.discount_percent, made.valid_for, made.plans, made.valid_from,
             made.valid_until, made.redemptions_max, made.redemptions_per_user_max,
             made.is_active)[0]
      .as<Coupon>();
}

std::optional<Coupon> update_coupon(Database& db, std::int32_t id, const CouponChange& change) {
  static const std::string kSql = R"(
    update coupons set
      discount_percent = coalesce($2, discount_percent), valid_for = coalesce($3, valid_for),
      is_active = coalesce($4, is_active),
      plans = case when $5 then null else coalesce($6, plans) end,
      valid_from = case when $7 then null else coalesce($8, valid_from) end,
      valid_until = case when $9 then null else coalesce($10, valid_until) end,
      redemptions_max = case when $11 then null else coalesce($12, redemptions_max) end,
      redemptions_per_user_max =
        case when $13 then null else coalesce($14, redemptions_per_user_max) end,
      updated_at = now()
    where id = $1 returning)" + std::string(kColumns);
  const auto is_unset = [&](CouponUnset member) {
    return std::find(change.unset.begin(), change.unset.end(), member) != change.unset.end();
  };
  return db
      .query(kSql, id, change.discount_percent, change.valid_for, change.is_active,
             is_unset(CouponUnset::plans), change.plans, is_unset(CouponUnset::valid_from),
             change.valid_from, is_unset(CouponUnset::valid_until), change.valid_until,
             is_unset(CouponUnset::redemptions_max), change.redemptions_max,
             is_unset(CouponUnset::redemptions_per_user_max), change.redemptions_per_user_max)
      .first<Coupon>();
}

bool delete_coupon(Database& db, std::int32_t id) {
  return db.execute("delete from coupons where id = $1", id) == 1;
}

}  // namespace calixo::billing
