// The keys of one-time tokens and of changes to an account that need a proof.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>

namespace calixo::auth {

struct TokenSettings {
  explicit TokenSettings(Plugin& plugin);

  Setting<std::int64_t> lifetime_s;
  Setting<bool> password_change_requires_reauthentication;
  Setting<bool> secure_email_change;
};

}  // namespace calixo::auth
