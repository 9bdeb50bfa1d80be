// Keys of what is limited: requests, hashes, weak passwords.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <string>

namespace calixo::auth {

struct LimitSettings {
  explicit LimitSettings(Plugin& plugin);

  Setting<bool> enabled;
  Setting<std::int64_t> window_s;
  Setting<std::int64_t> sign_in_per_account;
  Setting<std::int64_t> sign_in_per_client;
  Setting<std::int64_t> sign_up_per_client;
  Setting<std::int64_t> refresh_per_client;
  Setting<std::int64_t> mail_per_client;
  Setting<std::int64_t> verify_per_client;
  Setting<std::int64_t> change_per_account;
};

struct PasswordSettings {
  explicit PasswordSettings(Plugin& plugin);

  Setting<std::int64_t> length_min;
  Setting<std::int64_t> strength_bits_min;
  Setting<std::string> classes;
  Setting<std::int64_t> hashes_in_flight_max;
  Setting<std::int64_t> hashes_waiting_max;
};

}  // namespace calixo::auth
