// The plugin's keys, read anew at each use: a runtime key takes effect without a restart.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <string>

#include "limit_settings.hpp"
#include "password.hpp"
#include "redirects.hpp"

namespace calixo::auth {

struct Settings {
  explicit Settings(Plugin& plugin);

  Setting<std::string> issuer;
  Setting<std::int64_t> access_token_lifetime_s;
  Setting<std::int64_t> clock_skew_s;
  Setting<std::int64_t> refresh_reuse_window_s;
  Setting<std::int64_t> user_metadata_bytes_max;
  Setting<bool> autoconfirm;
  Setting<bool> sign_up_enabled;
  Setting<std::string> first_admin_email;
  Setting<std::string> site_url;
  Setting<std::string> redirect_urls;
  LimitSettings limits;
  PasswordSettings passwords;
};

// As they stand at this moment.
RedirectRules redirect_rules(const Settings& settings, const Context& context);
// Throws std::runtime_error where auth.password_classes names an unknown one.
PasswordRules password_rules(const Settings& settings);

}  // namespace calixo::auth
