// The parts of the plugin, tied together; lives as long as the plugin.
#pragma once

#include <calixo/plugin.hpp>

#include "account_service.hpp"
#include "admin/admin_service.hpp"
#include "admin/administration.hpp"
#include "auth_routes.hpp"
#include "profile_routes.hpp"
#include "session_service.hpp"
#include "settings.hpp"
#include "standing/anonymous_accounts.hpp"
#include "standing/standing_service.hpp"

namespace calixo::auth {

class AuthPlugin {
 public:
  explicit AuthPlugin(Plugin& plugin);

 private:
  // Reads the signing keys, making the first, and publishes the verifier. [startup, suspends]
  void start();
  void use_keys(const std::vector<std::string>& private_keys);
  void reload_keys();

  Plugin& plugin_;
  Settings settings_;
  StandingService standing_;
  SessionService sessions_;
  FlowService flows_;
  PasswordWorkshop workshop_;
  RateLimits limits_;
  AnonymousAccounts anonymous_;
  AccountService accounts_;
  AdminService admins_;
  PersonalDataService personal_data_;
  Administration administration_;
  AuthRoutes auth_routes_;
  ProfileRoutes profile_routes_;
};

}  // namespace calixo::auth
