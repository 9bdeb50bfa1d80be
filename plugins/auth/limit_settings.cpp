#include "limit_settings.hpp"

namespace calixo::auth {
namespace {

Setting<std::int64_t> limit(Plugin& plugin, const char* name, std::int64_t hits, const char* what) {
  return plugin.key<std::int64_t>(name, hits)
      .min(0)
      .max(1'000'000)
      .describe(std::string(what) + " within auth.limit_window_s; 0: no limit")
      .runtime()
      .setting();
}

}  // namespace

LimitSettings::LimitSettings(Plugin& plugin)
    : enabled(plugin.key<bool>("auth.limits_enabled", true)
                  .describe("Limits per account and per client on sign-in, sign-up and the like")
                  .runtime()
                  .setting()),
      window_s(plugin.key<std::int64_t>("auth.limit_window_s", 300)
                   .min(1)
                   .max(86'400)
                   .describe("The window that the auth.*_limit_* keys count in, seconds")
                   .runtime()
                   .setting()),
      sign_in_per_account(limit(plugin, "auth.sign_in_limit_per_account", 20,
                                "Failed sign-ins to one address, known or not,")),
      sign_in_per_client(limit(plugin, "auth.sign_in_limit_per_client", 100,
                               "Failed sign-ins from one client's address")),
      sign_up_per_client(
          limit(plugin, "auth.sign_up_limit_per_client", 60, "Sign-ups from one client's address")),
      refresh_per_client(limit(plugin, "auth.refresh_limit_per_client", 3'000,
                               "Refreshes from one client's address")),
      mail_per_client(limit(plugin, "auth.mail_limit_per_client", 60,
                            "Mails asked for from one client's address")),
      verify_per_client(limit(plugin, "auth.verify_limit_per_client", 60,
                              "Wrong codes and links from one client's address")),
      change_per_account(limit(plugin, "auth.change_limit_per_account", 60,
                               "Changes that one person makes to their own account")) {}

PasswordSettings::PasswordSettings(Plugin& plugin)
    : length_min(plugin.key<std::int64_t>("auth.password_length_min", 8)
                     .min(6)
                     .max(128)
                     .describe("Least characters of a new password")
                     .runtime()
                     .is_public()
                     .setting()),
      strength_bits_min(
          plugin.key<std::int64_t>("auth.password_strength_bits_min", 8)
              .min(0)
              .max(64)
              .describe("What guessing a new password must cost, as log2 of the guesses; the "
                        "default refuses what stands at the head of every list of common ones")
              .runtime()
              .setting()),
      classes(plugin.key<std::string>("auth.password_classes", "")
                  .max(64)
                  .describe("Classes that a new password must hold, comma-separated: lower, upper, "
                            "digit, symbol")
                  .runtime()
                  .is_public()
                  .setting()),
      hashes_in_flight_max(plugin.key<std::int64_t>("auth.hashes_in_flight_max", 0)
                               .min(0)
                               .max(64)
                               .describe("Passwords hashed at the same time; 0: half the cores")
                               .setting()),
      hashes_waiting_max(
          plugin.key<std::int64_t>("auth.hashes_waiting_max", 64)
              .min(0)
              .max(10'000)
              .describe("Passwords that may wait to be hashed; who comes later is told to come "
                        "back: 503 over_capacity")
              .runtime()
              .setting()) {}

}  // namespace calixo::auth
