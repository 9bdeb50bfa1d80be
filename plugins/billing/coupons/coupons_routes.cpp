#include "coupons_routes.hpp"

#include <calixo/coupons.hpp>
#include <calixo/pages.hpp>

#include <optional>
#include <string>
#include <vector>

namespace calixo::billing {
namespace {

constexpr long double kCountMax = 1'000'000'000;
constexpr Text kCodeText{.es = "De letras, cifras, guiones y guiones bajos.",
                         .en = "Of letters, digits, hyphens and underscores."};

// What holds for the members that adding and changing share.
template <class Request>
void common_rules(Rules<Request>& rules) {
  rules.template at<&Request::discount_percent>().range(1, 100);
  rules.template at<&Request::valid_for>().describe("Where it holds");
  rules.template at<&Request::plans>().length(1, 50).each_length(1, 64).describe(
      "The plans it is for; none: all");
  rules.template at<&Request::redemptions_max>()
      .range(1, kCountMax)
      .describe("How often by all; none: any number");
  rules.template at<&Request::redemptions_per_user_max>()
      .range(1, kCountMax)
      .describe("How often by one person: once, unless it is given; unset: any number");
  rules.closed();
}

}  // namespace

struct CouponsQuery {
  std::optional<std::string> code_prefix;
  std::optional<bool> is_active;
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(CouponsQuery, (), (code_prefix, is_active, limit, cursor))
CALIXO_RULES(CouponsQuery) {
  rules.at<&CouponsQuery::code_prefix>().check(&is_code_prefix, "format", kCodeText);
  page_rules(rules);
}

struct NewCoupon {
  std::string code;
  std::int32_t discount_percent;
  CouponUse valid_for = CouponUse::both;
  std::optional<std::vector<std::string>> plans;
  std::optional<Timestamp> valid_from, valid_until;
  std::optional<std::int32_t> redemptions_max, redemptions_per_user_max;
  bool is_active = true;
};
BOOST_DESCRIBE_STRUCT(NewCoupon, (),
                      (code, discount_percent, valid_for, plans, valid_from, valid_until,
                       redemptions_max, redemptions_per_user_max, is_active))
CALIXO_RULES(NewCoupon) {
  rules.at<&NewCoupon::code>()
      .length(3, 64)
      .check(&is_code, "format", kCodeText)
      .describe("Kept in capitals, found in any case");
  common_rules(rules);
}

struct ChangedCoupon {
  std::optional<std::int32_t> discount_percent;
  std::optional<CouponUse> valid_for;
  std::optional<std::vector<std::string>> plans;
  std::optional<Timestamp> valid_from, valid_until;
  std::optional<std::int32_t> redemptions_max, redemptions_per_user_max;
  std::optional<bool> is_active;
  std::optional<std::vector<CouponUnset>> unset;
};
BOOST_DESCRIBE_STRUCT(ChangedCoupon, (),
                      (discount_percent, valid_for, plans, valid_from, valid_until, redemptions_max,
                       redemptions_per_user_max, is_active, unset))
CALIXO_RULES(ChangedCoupon) {
  rules.title("CouponChange");
  common_rules(rules);
  rules.at<&ChangedCoupon::unset>().length(0, 5).describe(
      "Members that shall have no value: null leaves one as it is");
}

namespace {

template <class Request>
CouponChange change_of(const Request& request) {
  CouponChange change;
  change.discount_percent = request.discount_percent;
  change.valid_for = request.valid_for;
  change.plans = request.plans;
  change.valid_from = request.valid_from;
  change.valid_until = request.valid_until;
  change.redemptions_max = request.redemptions_max;
  change.redemptions_per_user_max = request.redemptions_per_user_max;
  change.is_active = request.is_active;
  return change;
}

CouponChange with_unset(const ChangedCoupon& request) {
  CouponChange change = change_of(request);
  change.unset = request.unset.value_or(std::vector<CouponUnset>());
  return change;
}

std::int32_t id_of(const Context& context) { return context.path<std::int32_t>("id"); }

void register_reads(Plugin& plugin, const CouponsService& coupons) {
  plugin
      .get("/api/admin/coupons",
           [&coupons](Context& context, const CouponsQuery& query) {
             return coupons.list(context, {query.code_prefix, query.is_active},
                                 slice_of(context, query));
           })
      .allow(Role::admin)
      .read_only()
      .summary("Every coupon, retired ones as well");
  plugin
      .get("/api/admin/coupons/{id:int}",
           [&coupons](Context& context) { return coupons.find(context, id_of(context)); })
      .allow(Role::admin)
      .read_only()
      .summary("One coupon")
      .problem(404, "coupon_not_found");
}

void register_writes(Plugin& plugin, const CouponsService& coupons) {
  plugin
      .post("/api/admin/coupons",
            [&coupons](Context& context, const NewCoupon& wanted) {
              return coupons.add(context, wanted.code, change_of(wanted));
            })
      .allow(Role::admin)
      .status(201)
      .summary("Adds a coupon")
      .problem(409, "coupon_code_taken");
  plugin
      .patch("/api/admin/coupons/{id:int}",
             [&coupons](Context& context, const ChangedCoupon& wanted) {
               return coupons.change(context, id_of(context), with_unset(wanted));
             })
      .allow(Role::admin)
      .summary("Changes the members that are given; retires by is_active = false")
      .problem(404, "coupon_not_found");
  plugin
      .del("/api/admin/coupons/{id:int}",
           [&coupons](Context& context) { coupons.remove(context, id_of(context)); })
      .allow(Role::admin)
      .summary("Removes a coupon that was never redeemed")
      .problem(404, "coupon_not_found")
      .problem(409, "coupon_in_use");
}

}  // namespace

void register_coupon_routes(Plugin& plugin, const CouponsService& coupons) {
  register_reads(plugin, coupons);
  register_writes(plugin, coupons);
  register_coupon_messages(plugin);
  plugin.message("coupon_code_taken",
                 {.es = "Otro cupón tiene ya ese código.", .en = "Another coupon has that code."});
  plugin.message("coupon_in_use",
                 {.es = "Este cupón se ha usado: retíralo con is_active = false.",
                  .en = "This coupon was redeemed: retire it by is_active = false."});
}

}  // namespace calixo::billing
