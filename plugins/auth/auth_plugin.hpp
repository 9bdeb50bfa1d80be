// The parts of the plugin, tied together; lives as long as the plugin.
#pragma once

#include <calixo/plugin.hpp>

#include "account_service.hpp"
#include "admin/admin_service.hpp"
#include "admin/administration.hpp"
#include "auth_routes.hpp"
#include "factors/factor_routes.hpp"
#include "factors/factor_service.hpp"
#include "identities/identity_service.hpp"
#include "mail/mail_desk.hpp"
#include "mail/mail_job.hpp"
#include "mail/mail_settings.hpp"
#include "oauth/oauth_routes.hpp"
#include "oauth/oauth_service.hpp"
#include "profile_routes.hpp"
#include "session_service.hpp"
#include "settings.hpp"
#include "standing/anonymous_accounts.hpp"
#include "standing/premium_service.hpp"
#include "standing/standing_service.hpp"
#include "tokens/token_routes.hpp"
#include "tokens/token_settings.hpp"
#include "tokens/user_update_service.hpp"

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
  MailSettings mail_settings_;
  TokenSettings token_settings_;
  StandingService standing_;
  PremiumService premium_;
  SessionService sessions_;
  FlowService flows_;
  PasswordWorkshop workshop_;
  RateLimits limits_;
  MailDesk mail_desk_;
  MailJob mail_job_;
  AnonymousAccounts anonymous_;
  AccountService accounts_;
  AdminService admins_;
  UserUpdateService updates_;
  PersonalDataService personal_data_;
  Administration administration_;
  ProviderSettings providers_;
  IdentityService identities_;
  OAuthService oauth_;
  OAuthRoutes oauth_routes_;
  FactorService factors_;
  FactorRoutes factor_routes_;
  AuthRoutes auth_routes_;
  TokenRoutes token_routes_;
  ProfileRoutes profile_routes_;
};

}  // namespace calixo::auth
