#include "redemptions_store.hpp"

namespace calixo::billing {
namespace {

constexpr std::string_view kLock = "select from coupons where code = upper($1) for no key update";

// $1 the code, $2 who, $3 what for, $4 whether it is for a checkout, which takes the place of the
// one that the person began before.
constexpr std::string_view kStanding = R"(
  select c.id, c.code, c.discount_percent, c.valid_for, c.plans,
         coalesce(c.valid_from > now(), false) as is_to_come,
         not c.is_active or coalesce(c.valid_until <= now(), false) as is_over,
         coalesce(c.redeemed_count + held.by_all >= c.redemptions_max, false) as is_exhausted,
         coalesce((select count(*) from coupon_redemptions r
                   where r.user_id = $2 and r.coupon_id = c.id) + held.by_them
                  >= c.redemptions_per_user_max, false) as is_used_up,
         exists (select from coupon_redemptions r
                 where r.coupon_id = c.id and r.sold_for = $3) as is_redeemed
  from coupons c cross join lateral (
    select count(*) as by_all, count(*) filter (where h.user_id = $2) as by_them
    from coupon_holds h
    where h.coupon_id = c.id and h.held_until > now() and not ($4 and h.user_id = $2)) held
  where c.code = upper($1))";

constexpr std::string_view kHold = R"(
  insert into coupon_holds (coupon_id, user_id, session_id, held_until)
  values ($1, $2, $3, $4)
  on conflict (coupon_id, user_id) do update set
    session_id = excluded.session_id, held_until = excluded.held_until)";

// profile_is_visible: the service sees everybody's, and an erased person has none.
constexpr std::string_view kNote = R"(
  with noted as (
    insert into coupon_redemptions (coupon_id, user_id, sold_for)
    select id, case when profile_is_visible($2) then $2::uuid end, $3 from coupons where id = $1
    on conflict (coupon_id, sold_for) do nothing returning coupon_id)
  update coupons c set redeemed_count = c.redeemed_count + 1 from noted where c.id = noted.coupon_id
  returning coalesce(c.redeemed_count <= c.redemptions_max, true) as is_within)";

}  // namespace

std::optional<CouponStanding> find_standing(Database& service, std::string_view code,
                                            std::string_view user_id, const CouponSale& sale) {
  return service.query(kStanding, code, user_id, sale.sold_for, sale.use == CouponUse::subscription)
      .first<CouponStanding>();
}

// Looked at by a statement of its own: it sees what those did that the lock waited for.
std::optional<CouponStanding> lock_standing(Database& service, std::string_view code,
                                            std::string_view user_id, const CouponSale& sale) {
  const std::vector<Rows> answers =
      service.batch()
          .add(kLock, code)
          .add(kStanding, code, user_id, sale.sold_for, sale.use == CouponUse::subscription)
          .run();
  return answers[1].first<CouponStanding>();
}

void hold_coupon(Database& service, std::int32_t coupon_id, std::string_view user_id,
                 std::string_view session_id, Timestamp until) {
  service.execute(kHold, coupon_id, user_id, session_id, until);
}

void drop_hold(Database& service, std::string_view session_id) {
  service.execute("delete from coupon_holds where session_id = $1", session_id);
}

std::size_t forget_ended_holds(Database& service) {
  return service.execute("delete from coupon_holds where held_until < now()");
}

void redeem_later(const Deferred& deferred, calixo_tx* tx, std::int32_t coupon_id,
                  std::string_view user_id, std::string_view sold_for) {
  deferred.execute(tx, kNote, coupon_id, user_id, sold_for);
}

std::optional<bool> note_redemption(Database& service, std::int32_t coupon_id,
                                    std::optional<std::string_view> user_id,
                                    std::string_view sold_for) {
  const Rows rows = service.query(kNote, coupon_id, user_id, sold_for);
  if (rows.empty()) return std::nullopt;
  return rows[0].get<bool>("is_within");
}

}  // namespace calixo::billing
