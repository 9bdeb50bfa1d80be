// The core of Supabase Auth's wire format, under /api/auth and /auth/v1.
#pragma once

#include <calixo/plugin.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "account_service.hpp"
#include "flow_service.hpp"
#include "oauth/oauth_service.hpp"
#include "session_service.hpp"
#include "settings.hpp"
#include "standing/anonymous_accounts.hpp"
#include "standing/standing_service.hpp"
#include "tokens/redirect_query.hpp"

namespace calixo::auth {

struct GrantQuery {
  std::optional<std::string> grant_type;
};
BOOST_DESCRIBE_STRUCT(GrantQuery, (), (grant_type))
CALIXO_RULES(GrantQuery) {
  rules.at<&GrantQuery::grant_type>().describe("password, refresh_token, pkce or id_token");
}

struct LogoutQuery {
  std::string scope = "global";
};
BOOST_DESCRIBE_STRUCT(LogoutQuery, (), (scope))
CALIXO_RULES(LogoutQuery) { rules.at<&LogoutQuery::scope>().one_of({"global", "local", "others"}); }

class AuthRoutes {
 public:
  AuthRoutes(Plugin& plugin, const Settings& settings, AccountService& accounts,
             const SessionService& sessions, const FlowService& flows, RateLimits& limits,
             StandingService& standing, AnonymousAccounts& anonymous, OAuthService& oauth);

  // [any-thread]
  void use_keys(std::shared_ptr<const AccessTokens> tokens) { tokens_.store(std::move(tokens)); }

 private:
  void register_sign_in(RouteGroup& group);

  Reply sign_up(Context& context, const RedirectQuery& query, const SignUpRequest& wanted);
  Session token(Context& context, const GrantQuery& query, const TokenRequest& given);
  void logout(Context& context) const;
  User user(Context& context) const;
  Reply jwks(Context& context) const;
  Json public_settings(Context& context) const;
  Json health(Context& context) const;

  const Settings& settings_;
  AccountService& accounts_;
  const SessionService& sessions_;
  const FlowService& flows_;
  RateLimits& limits_;
  StandingService& standing_;
  AnonymousAccounts& anonymous_;
  OAuthService& oauth_;
  std::atomic<std::shared_ptr<const AccessTokens>> tokens_;  // rotated while others read
};

}  // namespace calixo::auth
