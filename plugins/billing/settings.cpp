#include "settings.hpp"

namespace calixo::billing {
namespace {

constexpr std::int64_t kDayS = 86'400;
constexpr double kSecretBytesMax = 4096, kUrlBytesMax = 2048;

Setting<std::string> url_key(Plugin& plugin, std::string_view name, const std::string& who) {
  return plugin.key<std::string>(name)
      .max(kUrlBytesMax)
      .describe("Where Stripe sends people " + who + ". Empty: to the server's own address")
      .setting();
}

}  // namespace

Settings::Settings(Plugin& plugin)
    : webhook_secrets(plugin.key<std::string>("billing.stripe.webhook_secrets")
                          .max(kSecretBytesMax)
                          .describe("Signing secrets of Stripe's webhook endpoint (whsec_...), "
                                    "separated by commas; while one replaces another, both. Empty: "
                                    "deliveries are answered 503")
                          .secret()),
      webhook_tolerance_s(plugin.key<std::int64_t>("billing.stripe.webhook_tolerance_s", 300)
                              .min(1)
                              .max(kDayS)
                              .describe("How far a delivery's stamp may be from this clock, in "
                                        "seconds, either way")),
      api_key(plugin.key<std::string>("billing.stripe.api_key")
                  .max(kSecretBytesMax)
                  .describe("Secret key of Stripe's API (sk_...). Empty: Stripe is asked nothing, "
                            "and events that contradict each other within a second stay undecided")
                  .secret()),
      api_base(plugin.key<std::string>("billing.stripe.api_base", "https://api.stripe.com")
                   .min(8)
                   .max(255)
                   .describe("Where Stripe's API is, without a slash at the end")),
      plans(plugin.key<std::string>("billing.plans")
                .max(kSecretBytesMax)
                .describe("What can be subscribed to, and Stripe's price of each: "
                          "monthly:price_1,yearly:price_2")),
      success_url(url_key(plugin, "billing.success_url", "after they have paid")),
      cancel_url(url_key(plugin, "billing.cancel_url", "who leave a checkout without paying")),
      portal_return_url(
          url_key(plugin, "billing.portal_return_url", "from the pages where they change it")),
      past_due_grace_s(plugin.key<std::int64_t>("billing.past_due_grace_s", 7 * kDayS)
                           .min(0)
                           .max(90.0 * kDayS)
                           .describe("How long a person stays premium after a renewal failed to be "
                                     "paid, in seconds")
                           .runtime()),
      renewal_grace_s(
          plugin.key<std::int64_t>("billing.renewal_grace_s", 3 * kDayS)
              .min(0)
              .max(90.0 * kDayS)
              .describe("How long a person stays premium after the end of a period that "
                        "is to be renewed, until Stripe tells of the renewal, in "
                        "seconds")
              .runtime()),
      event_body_retention_days(
          plugin.key<std::int64_t>("billing.event_body_retention_days", 90)
              .min(1)
              .max(3650)
              .describe("How long the text of an applied event is kept, in days")
              .runtime()),
      coupon_guesses_max(
          plugin.key<std::int64_t>("billing.coupon_guesses_max", 10)
              .min(1)
              .max(10'000)
              .describe("How many coupon codes that do not exist one person may give "
                        "in ten minutes, at each node")
              .runtime()) {}

}  // namespace calixo::billing
