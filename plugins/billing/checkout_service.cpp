#include "checkout_service.hpp"

#include <algorithm>
#include <utility>

#include "plans.hpp"
#include "projection_store.hpp"
#include "stripe_object.hpp"

namespace calixo::billing {
namespace {

constexpr std::uint32_t kRetryAfterS = 5;
constexpr std::int64_t kSecond_us = 1'000'000;
constexpr std::int64_t kCouponCheckoutS = 3600;  // Stripe wants 30 minutes to a day
constexpr std::int64_t kEventPatienceS = 900;    // for the event of one that was paid at the last
constexpr std::string_view kCouponsPath = "/v1/coupons";
constexpr std::size_t kStripeNameMax = 40;
constexpr int kTooManyRequests = 429, kServerFault = 500;

std::string price_of(const std::string& plans_text, const std::string& plan) {
  for (const Plan& one : parse_plans(plans_text).value_or(std::vector<Plan>())) {
    if (one.name == plan) return one.price;
  }
  throw invalid("plan_unknown");
}

// Stripe would let them pay twice.
void require_no_subscription(Database& db, std::string_view user_id) {
  for (const SubscriptionRow& row : subscriptions_of(db, user_id).rows) {
    const bool is_over = row.status == "canceled" || row.status.starts_with("incomplete");
    if (!is_over) throw conflict("already_subscribed");
  }
}

StripeSession session_of(const Json& answer) {
  const auto id = text_at(answer, {"id"});
  const Json* const url = find(answer, {"url"});
  if (!id || url == nullptr || !url->is_string()) throw Problem(502, "payments_refused");
  return {*id, std::string(url->get_string())};
}

std::string url_or_home(const Setting<std::string>& key, const Context& context) {
  std::string url = key.get();
  return url.empty() ? std::string(context.base_url()) + "/" : url;
}

// What the caller is told of Stripe's refusal; Stripe's own words go to the log.
Problem problem_of(Context& context, std::string_view path, const StripeRefusal& refusal) {
  context.log().error("stripe refused", {{"path", path}, {"reason", refusal.what()}});
  const bool is_later = refusal.status() == kTooManyRequests || refusal.status() >= kServerFault;
  return is_later ? Problem(503, "payments_unavailable").retry_after_s(kRetryAfterS)
                  : Problem(502, "payments_refused");
}

}  // namespace

CheckoutService::CheckoutService(Plugin& plugin, const Settings& settings, const StripeApi& api,
                                 RedemptionsService& redemptions)
    : settings_(settings), api_(api), redemptions_(redemptions) {
  plugin.on_configure([this] {
    if (parse_plans(settings_.plans.get())) return;
    throw std::runtime_error("billing.plans is not written as \"monthly:price_1,yearly:price_2\"");
  });
}

StripeSession CheckoutService::checkout(Context& context, const std::string& plan,
                                        const std::optional<std::string>& coupon) const {
  const std::string price = price_of(settings_.plans.get(), plan);
  const std::string user_id(context.user_id());
  Database service = context.service_db();
  require_no_subscription(service, user_id);
  std::optional<CouponStanding> taken_off;
  if (coupon) taken_off = redemptions_.check(context, *coupon, plan);
  Form form = {{"mode", "subscription"},
               {"customer", customer_of(context)},
               {"client_reference_id", user_id},
               {"line_items[0][price]", price},
               {"line_items[0][quantity]", "1"},
               {"subscription_data[metadata][user_id]", user_id},
               {"success_url", url_or_home(settings_.success_url, context)},
               {"cancel_url", url_or_home(settings_.cancel_url, context)}};
  const std::int64_t ends_s = context.now().unix_us / kSecond_us + kCouponCheckoutS;
  std::string key = "checkout-" + user_id + '-' + std::string(context.request_id());
  if (taken_off) {
    add_coupon(context, *taken_off, ends_s, form);
    key += '-' + std::to_string(ends_s);  // one key, one form
  }
  StripeSession session = session_of(ask(context, "/v1/checkout/sessions", form, key));
  if (taken_off) {  // after Stripe's answer: no lock waits for it, and nobody pays without the url
    const Timestamp until{(ends_s + kEventPatienceS) * kSecond_us};
    redemptions_.hold(context, taken_off->code, plan, session.id, until);
  }
  return session;
}

// The metadata come back with the event that says that the session is over.
void CheckoutService::add_coupon(Context& context, const CouponStanding& coupon,
                                 std::int64_t ends_s, Form& form) const {
  form.emplace_back("expires_at", std::to_string(ends_s));
  form.emplace_back("discounts[0][coupon]", coupon_at_stripe(context, coupon));
  form.emplace_back("metadata[" + std::string(kCouponOfCheckout) + ']', std::to_string(coupon.id));
}

// One for each percent that it ever had: Stripe's can't be changed. The id alone makes it once, so
// that the keys of many people's requests need not meet.
std::string CheckoutService::coupon_at_stripe(Context& context,
                                              const CouponStanding& coupon) const {
  const std::string percent = std::to_string(coupon.discount_percent);
  std::string id = "calixo_" + std::to_string(coupon.id) + '_' + percent;
  const Form form = {{"id", id},
                     {"percent_off", percent},
                     {"duration", "once"},
                     {"name", coupon.code.substr(0, kStripeNameMax)}};
  require_configured();
  try {
    api_.post(kCouponsPath, form, "coupon-" + id + '-' + std::string(context.request_id()));
  } catch (const StripeRefusal& refusal) {
    if (refusal.code() != "resource_already_exists") {
      throw problem_of(context, kCouponsPath, refusal);
    }
  }
  return id;
}

StripeSession CheckoutService::portal(Context& context) const {
  Database service = context.service_db();
  const auto customer = find_customer_of(service, context.user_id());
  if (!customer) throw not_found("customer");
  const Form form = {{"customer", *customer},
                     {"return_url", url_or_home(settings_.portal_return_url, context)}};
  return session_of(ask(context, "/v1/billing_portal/sessions", form,
                        "portal-" + *customer + '-' + std::string(context.request_id())));
}

std::string CheckoutService::customer_of(Context& context) const {
  Database service = context.service_db();
  if (auto customer = find_customer_of(service, context.user_id())) return std::move(*customer);
  return new_customer(context);
}

// Two at once, and one whose answer was lost, get the same customer from Stripe by the key.
std::string CheckoutService::new_customer(Context& context) const {
  const std::string user_id(context.user_id());
  Form form = {{"metadata[user_id]", user_id}};
  const Json claims = parse_json<Json>(context.principal().claims_json);
  if (const auto email = text_at(claims, {"email"})) form.emplace_back("email", *email);
  const auto id = text_at(ask(context, "/v1/customers", form, "customer-" + user_id), {"id"});
  if (!id || !is_stripe_id(*id)) throw Problem(502, "payments_refused");
  context.service_transaction([&](Transaction& tx) {
    const CustomerLink ours{user_id, 0};  // before whatever Stripe says
    const auto present = lock_customer(tx, *id);
    if (joined(present, ours) != present) link_customer(tx, *id, ours);
  });
  return *id;
}

Json CheckoutService::ask(Context& context, std::string_view path, const Form& form,
                          const std::string& idempotency_key) const {
  require_configured();
  try {
    return api_.post(path, form, idempotency_key);
  } catch (const StripeRefusal& refusal) {
    throw problem_of(context, path, refusal);
  } catch (const HostFailure& failure) {  // no answer came, or it was not asked any more
    if (failure.status() == CALIXO_CANCELLED) throw;
    context.log().error("stripe not reached", {{"path", path}, {"status", failure.status()}});
    throw Problem(503, "payments_unavailable").retry_after_s(kRetryAfterS);
  }
}

void CheckoutService::require_configured() const {
  if (api_.is_configured()) return;
  throw Problem(503, "billing_not_configured").retry_after_s(kRetryAfterS);
}

}  // namespace calixo::billing
