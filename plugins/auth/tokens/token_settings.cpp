#include "tokens/token_settings.hpp"

namespace calixo::auth {

TokenSettings::TokenSettings(Plugin& plugin)
    : lifetime_s(plugin.key<std::int64_t>("auth.one_time_token_lifetime_s", 3600)
                     .min(60)
                     .max(86'400)
                     .describe("How long the link and the code of a mail are good, seconds")
                     .runtime()
                     .setting()),
      password_change_requires_reauthentication(
          plugin.key<bool>("auth.password_change_requires_reauthentication", false)
              .describe(
                  "A new password needs the present one, a code from GET /reauthenticate, or a "
                  "session that a mail opened within the hour")
              .runtime()
              .setting()),
      secure_email_change(
          plugin.key<bool>("auth.secure_email_change", true)
              .describe(
                  "A change of address is confirmed by the present address as well as the new "
                  "one")
              .runtime()
              .setting()) {}

}  // namespace calixo::auth
