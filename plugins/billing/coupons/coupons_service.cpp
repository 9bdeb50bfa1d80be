#include "coupons_service.hpp"

#include <calixo/pages.hpp>

#include <algorithm>
#include <vector>

#include "plans.hpp"

namespace calixo::billing {
namespace {

constexpr Text kUnknownPlan{.es = "No está en billing.plans.", .en = "Is not in billing.plans."};
constexpr Text kEndsBeforeStart{.es = "Debe ser posterior a valid_from.",
                                .en = "Must be later than valid_from."};
constexpr Text kNotSubscribed{.es = "Solo si vale para suscripciones.",
                              .en = "Only where it is for subscriptions."};

Problem misfit(const Context& context, std::string_view field, std::string_view code,
               const Text& text) {
  return invalid("validation_failed")
      .error(field, code, context.language() == "es" ? text.es : text.en);
}

// Runs a write; what the database refuses becomes a problem.
template <class Write>
auto written(const Context& context, Write&& write) {
  try {
    return write();
  } catch (const DbError& error) {
    if (error.is_unique_violation()) throw conflict("coupon_code_taken");
    if (error.is_foreign_key_violation()) throw conflict("coupon_in_use");
    if (!error.is_check_violation()) throw;
    throw error.constraint() == "coupons_plans_are_subscribed"
        ? misfit(context, "plans", "range", kNotSubscribed)
        : misfit(context, "valid_until", "range", kEndsBeforeStart);
  }
}

}  // namespace

Page<Coupon> CouponsService::list(Context& context, const CouponFilter& filter,
                                  const Slice& slice) const {
  Database db = context.db();
  return page_of(list_coupons(db, filter, slice), slice.limit);
}

Coupon CouponsService::find(Context& context, std::int32_t id) const {
  Database db = context.db();
  return or_fail(find_coupon(db, id), not_found("coupon"));
}

void CouponsService::check(const Context& context, const CouponChange& change) const {
  if (!change.plans) return;
  const auto plans = parse_plans(settings_.plans.get()).value_or(std::vector<Plan>());
  for (const std::string& name : *change.plans) {
    const auto is_named = [&](const Plan& plan) { return plan.name == name; };
    if (std::any_of(plans.begin(), plans.end(), is_named)) continue;
    throw misfit(context, "plans", "enum", kUnknownPlan);
  }
}

Coupon CouponsService::add(Context& context, const std::string& code,
                           const CouponChange& made) const {
  check(context, made);
  Database db = context.db();
  return written(context, [&] { return insert_coupon(db, code, made); });
}

Coupon CouponsService::change(Context& context, std::int32_t id, const CouponChange& change) const {
  check(context, change);
  Database db = context.db();
  return or_fail(written(context, [&] { return update_coupon(db, id, change); }),
                 not_found("coupon"));
}

void CouponsService::remove(Context& context, std::int32_t id) const {
  Database db = context.db();
  if (!written(context, [&] { return delete_coupon(db, id); })) throw not_found("coupon");
}

}  // namespace calixo::billing
