// The keys of the billing plugin.
#pragma once

#include <calixo/plugin.hpp>

namespace calixo::billing {

struct Settings {
  explicit Settings(Plugin& plugin);

  Setting<std::string> webhook_secrets;
  Setting<std::int64_t> webhook_tolerance_s;
  Setting<std::string> api_key;
  Setting<std::string> api_base;
  Setting<std::string> plans;
  Setting<std::string> success_url;
  Setting<std::string> cancel_url;
  Setting<std::string> portal_return_url;
  Setting<std::int64_t> past_due_grace_s;
  Setting<std::int64_t> renewal_grace_s;
  Setting<std::int64_t> event_body_retention_days;
  Setting<std::int64_t> coupon_guesses_max;
};

}  // namespace calixo::billing
