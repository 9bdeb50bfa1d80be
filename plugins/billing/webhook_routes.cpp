#include "webhook_routes.hpp"

namespace calixo::billing {
namespace {

constexpr std::uint64_t kBodyBytesMax = 512 * 1024;
constexpr std::int64_t kReportEveryS = 60;
constexpr std::uint32_t kRetryAfterS = 60;

}  // namespace

WebhookRoutes::WebhookRoutes(Plugin& plugin, const Settings& settings, InboxService& inbox)
    : settings_(settings), inbox_(inbox) {
  plugin.post("/api/stripe/webhook", bind(*this, &WebhookRoutes::receive))
      .summary("Takes an event of Stripe's, signed in Stripe-Signature; an unknown one as well")
      .body_bytes_max(kBodyBytesMax)
      .problem(400, "delivery_refused")
      .problem(503, "billing_not_configured");
  plugin.message("delivery_refused",
                 {.es = "Esta entrega no se acepta.", .en = "This delivery is not accepted."});
  plugin.message("billing_not_configured",
                 {.es = "Los pagos no están configurados en este servidor.",
                  .en = "Payments are not set up on this server."});
}

Reply WebhookRoutes::receive(Context& context) {
  const SignatureRules rules{split_secrets(settings_.webhook_secrets.get()), context.now().unix_s(),
                             settings_.webhook_tolerance_s.get()};
  if (rules.secrets.empty()) {
    throw Problem(503, "billing_not_configured").retry_after_s(kRetryAfterS);
  }
  const std::string_view body = context.raw_body();
  const SignatureFault fault =
      check_signature(context.header("Stripe-Signature").value_or(""), body, rules);
  if (fault != SignatureFault::none) {
    report(context, fault);
    throw Problem(400, "delivery_refused");
  }
  inbox_.keep(context, parse_json<EventHead>(body, context.language()), body);
  Reply reply;
  reply.body = R"({"received":true})";
  return reply;
}

void WebhookRoutes::report(const Context& context, SignatureFault fault) const {
  const std::int64_t now_s = context.now().unix_s();
  std::int64_t last_s = reported_s_.load();
  const std::int64_t count = ++unreported_;
  if (now_s - last_s < kReportEveryS || !reported_s_.compare_exchange_strong(last_s, now_s)) return;
  unreported_ -= count;
  context.log().warn("stripe deliveries refused", {{"reason", name_of(fault)}, {"count", count}});
}

}  // namespace calixo::billing
