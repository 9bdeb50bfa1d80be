#include "redemptions_service.hpp"

#include <calixo/coupons.hpp>
#include <calixo/detail/service_call.hpp>

#include <chrono>
#include <optional>

#include "redemptions_store.hpp"

namespace calixo::billing {
namespace {

using detail::view;

constexpr std::size_t kSoldForMax = 255;

bool is_redemption(const calixo_redemption* redemption) {
  if (redemption == nullptr || redemption->struct_size < sizeof(calixo_redemption)) return false;
  const std::string_view sold_for = view(redemption->sold_for);
  return Uuid::parse(view(redemption->user_id)).has_value() && !sold_for.empty() &&
         sold_for.size() <= kSoldForMax && sold_for.find('\0') == sold_for.npos;
}

}  // namespace

RedemptionsService::RedemptionsService(Plugin& plugin, const Settings& settings)
    : plugin_(plugin), settings_(settings), deferred_(plugin) {
  table_ = {sizeof table_, this, &redeem};
  plugin.offer(CALIXO_COUPONS_ID, &table_);
  plugin.every(std::chrono::hours(1), "forget_coupon_holds", [&plugin](JobContext&) {
    Database service = plugin.service_db();
    forget_ended_holds(service);
  });
}

bool RedemptionsService::is_guessing(std::string_view user_id, Timestamp now) {
  return guesses_.is_refused(user_id, settings_.coupon_guesses_max.get(), now);
}

CouponStanding RedemptionsService::check(Context& context, const std::string& code,
                                         std::string_view plan) {
  const Timestamp now = context.now();
  if (is_guessing(context.user_id(), now)) throw coupon_problem(CALIXO_COUPON_GUESSED);
  const CouponSale sale{.use = CouponUse::subscription, .plan = plan};
  std::optional<CouponStanding> standing;
  Database service = context.service_db();
  if (is_code(code)) standing = find_standing(service, code, context.user_id(), sale);
  if (!standing) guesses_.count(context.user_id(), now);
  const std::int32_t outcome = outcome_of(standing, sale);
  if (outcome != CALIXO_COUPON_REDEEMED) throw coupon_problem(outcome);
  return *standing;
}

void RedemptionsService::hold(Context& context, const std::string& code, std::string_view plan,
                              std::string_view session_id, Timestamp until) const {
  const CouponSale sale{.use = CouponUse::subscription, .plan = plan, .sold_for = session_id};
  context.service_transaction([&](Transaction& tx) {
    const auto standing = lock_standing(tx, code, context.user_id(), sale);
    const std::int32_t outcome = outcome_of(standing, sale);
    if (outcome != CALIXO_COUPON_REDEEMED) throw coupon_problem(outcome);
    hold_coupon(tx, standing->id, context.user_id(), session_id, until);
  });
}

void RedemptionsService::complete(Transaction& tx, const CouponOfCheckout& used) const {
  if (used.is_expired) return drop_hold(tx, used.session_id);
  const auto user_id = used.user_id.empty() ? std::nullopt : std::optional(used.user_id.text());
  const auto is_within = note_redemption(tx, used.coupon_id, user_id, used.session_id);
  if (is_within && !*is_within) {
    plugin_.log().warn("coupon redeemed beyond its limit", {{"coupon_id", used.coupon_id}});
  }
  drop_hold(tx, used.session_id);  // after the coupon's lock, as hold() takes them
}

calixo_status RedemptionsService::redeem(void* user, calixo_tx* tx,
                                         const calixo_redemption* redemption, std::int32_t* outcome,
                                         std::int32_t* discount_percent) {
  auto& self = *static_cast<RedemptionsService*>(user);
  if (tx == nullptr || outcome == nullptr || discount_percent == nullptr) return CALIXO_INVALID;
  if (!is_redemption(redemption)) return CALIXO_INVALID;
  return detail::serve(self.plugin_.host(), tx, "redeem a coupon", [&](Database& db) {
    const std::string_view code = view(redemption->code), user_id = view(redemption->user_id);
    const std::string_view sold_for = view(redemption->sold_for);
    const CouponSale sale{.use = CouponUse::store, .sold_for = sold_for};
    const Timestamp now = self.plugin_.now();
    *discount_percent = 0;
    *outcome = CALIXO_COUPON_GUESSED;
    if (self.is_guessing(user_id, now)) return CALIXO_OK;
    std::optional<CouponStanding> standing;
    if (is_code(code)) standing = lock_standing(db, code, user_id, sale);
    if (!standing) self.guesses_.count(user_id, now);
    *outcome = outcome_of(standing, sale);
    if (view(redemption->sold_by) != "store") *outcome = CALIXO_COUPON_NOT_FOR_THIS;
    if (*outcome != CALIXO_COUPON_REDEEMED) return CALIXO_OK;
    *discount_percent = standing->discount_percent;
    if (!standing->is_redeemed) {
      redeem_later(self.deferred_, tx, standing->id, user_id, sold_for);
    }
    return CALIXO_OK;
  });
}

}  // namespace calixo::billing
