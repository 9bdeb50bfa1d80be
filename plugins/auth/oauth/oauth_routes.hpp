// Sign-in by way of providers, and the identities of an account, in the wire format of Supabase
// Auth.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>

#include "identities/identity_service.hpp"
#include "oauth_service.hpp"

namespace calixo::auth {

struct AuthorizeQuery {
  std::optional<std::string> provider;
  std::optional<std::string> redirect_to;
  std::optional<std::string> scopes;
  std::optional<std::string> code_challenge;
  std::optional<std::string> code_challenge_method;
  std::optional<bool> skip_http_redirect;
};
BOOST_DESCRIBE_STRUCT(AuthorizeQuery, (),
                      (provider, redirect_to, scopes, code_challenge, code_challenge_method,
                       skip_http_redirect))

struct DepartureUrl {
  std::string url;
};
BOOST_DESCRIBE_STRUCT(DepartureUrl, (), (url))

class OAuthRoutes {
 public:
  OAuthRoutes(Plugin& plugin, OAuthService& oauth, const IdentityService& identities);

 private:
  Reply authorize(Context& context, const AuthorizeQuery& query);
  Reply callback(Context& context, const CallbackQuery& query);
  Reply form_callback(Context& context);
  Reply link(Context& context, const AuthorizeQuery& query);
  Json unlink(Context& context) const;

  OAuthService& oauth_;
  const IdentityService& identities_;
};

// The caller, while the session of their token is open. Problem 403 session_not_found.
// [fiber, suspends]
std::string live_caller(Context& context);

// [startup]
void register_oauth_messages(Plugin& plugin);

}  // namespace calixo::auth
