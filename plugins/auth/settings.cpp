#include "settings.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace calixo::auth {

Settings::Settings(Plugin& plugin)
    : issuer(plugin.key<std::string>("auth.issuer", "calixo")
                 .describe("The iss claim of access tokens; the same on every node. A change ends "
                           "the access tokens in use, not the sessions")
                 .min(1)
                 .max(200)
                 .setting()),
      access_token_lifetime_s(plugin.key<std::int64_t>("auth.access_token_lifetime_s", 3600)
                                  .min(60)
                                  .max(86'400)
                                  .describe("How long an access token is good, seconds")
                                  .runtime()
                                  .setting()),
      clock_skew_s(plugin.key<std::int64_t>("auth.clock_skew_s", 5)
                       .min(0)
                       .max(60)
                       .describe("How far the clocks of two nodes may be apart, seconds")
                       .setting()),
      refresh_reuse_window_s(
          plugin.key<std::int64_t>("auth.refresh_reuse_window_s", 10)
              .min(0)
              .max(300)
              .describe("How long after its use a refresh token may be presented again, seconds: "
                        "two tabs, a lost answer. Later it counts as stolen and ends the session")
              .runtime()
              .setting()),
      user_metadata_bytes_max(
          plugin.key<std::int64_t>("auth.user_metadata_bytes_max", 2048)
              .min(0)
              .max(4096)
              .describe("Most bytes of what a client stores about its user; they travel in every "
                        "access token")
              .runtime()
              .setting()),
      autoconfirm(plugin.key<bool>("auth.autoconfirm", true)
                      .describe("Sign-up opens a session at once, without a confirmation by mail")
                      .runtime()
                      .setting()),
      sign_up_enabled(plugin.key<bool>("auth.sign_up_enabled", true)
                          .describe("Whether new accounts may be made by anybody")
                          .runtime()
                          .is_public()
                          .setting()),
      first_admin_email(
          plugin.key<std::string>("auth.first_admin_email", "admin@calixo.local")
              .max(254)
              .describe("Account made on the very first start, with a password that is printed "
                        "once; empty: none")
              .setting()),
      site_url(plugin.key<std::string>("auth.site_url", "")
                   .max(2048)
                   .describe("Where links in mails and providers lead people, unless the client "
                             "asked for another address that is allowed; empty: this server's own")
                   .runtime()
                   .setting()),
      redirect_urls(
          plugin.key<std::string>("auth.redirect_urls", "")
              .max(8192)
              .describe("Further addresses that people may be sent to, comma-separated; * stands "
                        "for a part of a name, ** for anything: https://*.example.org/**")
              .runtime()
              .setting()),
      limits(plugin),
      passwords(plugin) {}

RedirectRules redirect_rules(const Settings& settings, const Context& context) {
  std::string site = settings.site_url.get();
  if (site.empty()) site = std::string(context.base_url());
  return {std::move(site), comma_separated(settings.redirect_urls.get())};
}

PasswordRules password_rules(const Settings& settings) {
  PasswordRules rules{settings.passwords.length_min.get(),
                      settings.passwords.strength_bits_min.get(),
                      comma_separated(settings.passwords.classes.get())};
  for (const std::string& name : rules.classes) {
    if (std::ranges::find(kPasswordClasses, name) == std::end(kPasswordClasses)) {
      throw std::runtime_error("auth.password_classes: '" + name +
                               "' is none of lower, upper, digit, symbol");
    }
  }
  return rules;
}

}  // namespace calixo::auth
