#include "checkout_routes.hpp"

#include <optional>
#include <string>

namespace calixo::billing {

struct CheckoutRequest {
  std::string plan;
  std::optional<std::string> coupon;
};
BOOST_DESCRIBE_STRUCT(CheckoutRequest, (), (plan, coupon))
CALIXO_RULES(CheckoutRequest) {
  rules.at<&CheckoutRequest::plan>().length(1, 64).describe(
      "One of the operator's, as \"monthly\"");
  rules.at<&CheckoutRequest::coupon>().length(1, 64).describe(
      "A promotional code; it is redeemed once Stripe says that the checkout is over");
}
CALIXO_RULES(StripeSession) {
  rules.at<&StripeSession::url>().describe("Where the person goes on, at Stripe");
}

namespace {

void register_messages(Plugin& plugin) {
  plugin.message("plan_unknown", {.es = "Ese plan no existe.", .en = "There is no such plan."});
  plugin.message("already_subscribed", {.es = "Ya tienes una suscripción; puedes cambiarla.",
                                        .en = "You have a subscription; you can change it."});
  plugin.message("customer_not_found", {.es = "Todavía no has comprado nada.",
                                        .en = "You have not bought anything yet."});
  plugin.message("payments_unavailable",
                 {.es = "Los pagos no responden ahora; inténtalo dentro de un momento.",
                  .en = "Payments do not answer now; try again in a moment."});
  plugin.message("payments_refused", {.es = "El proveedor de pagos ha rechazado la petición.",
                                      .en = "The payment provider refused the request."});
}

}  // namespace

void register_checkout_routes(Plugin& plugin, const CheckoutService& checkout) {
  plugin
      .post("/api/billing/checkout",
            [&checkout](Context& context, const CheckoutRequest& wanted) {
              return checkout.checkout(context, wanted.plan, wanted.coupon);
            })
      .allow(Role::user)
      .status(201)
      .summary("Begins a checkout at Stripe; nothing is granted before Stripe says that it is paid")
      .problem(404, "coupon_not_found")
      .problem(409, "already_subscribed")
      .problem(409, "coupon_expired")
      .problem(409, "coupon_exhausted")
      .problem(409, "coupon_used")
      .problem(409, "coupon_not_for_this")
      .problem(429, "coupon_guesses_exceeded")
      .problem(422, "plan_unknown")
      .problem(502, "payments_refused")
      .problem(503, "payments_unavailable")
      .problem(503, "billing_not_configured");
  plugin
      .post("/api/billing/portal",
            [&checkout](Context& context) { return checkout.portal(context); })
      .allow(Role::user)
      .status(201)
      .summary("Opens Stripe's pages where the caller changes or ends what they have subscribed to")
      .problem(404, "customer_not_found")
      .problem(502, "payments_refused")
      .problem(503, "payments_unavailable")
      .problem(503, "billing_not_configured");
  register_messages(plugin);
}

}  // namespace calixo::billing
