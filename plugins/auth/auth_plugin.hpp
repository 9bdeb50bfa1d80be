// The parts of the plugin, tied together; lives as long as the plugin.
#pragma once

#include <calixo/plugin.hpp>

#include "account_service.hpp"
#include "admin_service.hpp"
#include "auth_routes.hpp"
#include "factors/factor_routes.hpp"
#include "factors/factor_service.hpp"
#include "identities/identity_service.hpp"
#include "oauth/oauth_routes.hpp"
#include "oauth/oauth_service.hpp"
#include "profile_routes.hpp"
#include "session_service.hpp"
#include "settings.hpp"

namespace calixo::auth {

class AuthPlugin {
 public:
  explicit AuthPlugin(Plugin& plugin);

 private:
  // Reads the signing keys, making the first, and publishes the verifier. [startup, suspends]
  void start();
  void use_keys(const std::vector<std::string>& private_keys);

  Plugin& plugin_;
  Settings settings_;
  SessionService sessions_;
  FlowService flows_;
  AccountService accounts_;
  AdminService admins_;
  ProviderSettings providers_;
  IdentityService identities_;
  OAuthService oauth_;
  OAuthRoutes oauth_routes_;
  FactorService factors_;
  FactorRoutes factor_routes_;
  AuthRoutes auth_routes_;
  ProfileRoutes profile_routes_;
};

}  // namespace calixo::auth
