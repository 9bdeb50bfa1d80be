// Sign-in by way of a provider: sends people there with a state that is good once, and takes them
// back.
//
// The state is bound to what began the flow. A client that sent a code_challenge holds the verifier
// without which the code is worth nothing. For one that did not (the implicit form), a cookie of
// the browser that was sent away goes into the state's digest, so that a state planted in another
// browser signs nobody in. A client that fetched the address instead of going there
// (skip_http_redirect) gets no such cookie: it should use PKCE.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>

#include "callback_query.hpp"
#include "flow_service.hpp"
#include "identities/identity_service.hpp"
#include "provider_client.hpp"
#include "provider_settings.hpp"
#include "session_service.hpp"
#include "settings.hpp"

namespace calixo::auth {

// What a client asks for when it sends somebody to a provider.
struct VisitRequest {
  std::string provider;
  std::optional<std::string> redirect_to;
  std::string scopes;
  CodeChallenge challenge;
  bool is_bound_to_browser = false;
  std::optional<std::string> linking_user_id;
};

struct IdTokenRequest {
  std::string provider;
  std::string id_token;
  std::optional<std::string> nonce;
  std::optional<std::string> access_token;
  std::optional<std::string> linking_user_id;
};

class OAuthService {
 public:
  OAuthService(const Plugin& plugin, const Settings& settings, const ProviderSettings& providers,
               const SessionService& sessions, const IdentityService& identities)
      : settings_(settings),
        providers_(providers),
        sessions_(sessions),
        identities_(identities),
        client_(plugin, settings) {}

  struct Departure {
    std::string url;
    std::string cookie;  // to be set; empty: none
  };
  // Problems: 400 validation_failed; 503 provider_unavailable. [fiber, suspends]
  Departure depart(Context& context, const VisitRequest& wanted);

  // Where the browser goes next, whatever happened: with a session, a code or an error. Throws only
  // what is no fault of the flow. [fiber, suspends]
  std::string arrive(Context& context, const CallbackQuery& came);

  // A session by an ID token that the client got by itself. Problems as of ProviderClient and
  // IdentityService. [fiber, suspends]
  Session enter(Context& context, const IdTokenRequest& given);

  const ProviderSettings& providers() const { return providers_; }

 private:
  Provider provider_of(const Context& context, std::string_view name) const;
  std::optional<Flow> take_flow(Context& context, const std::string& state) const;
  std::string finish(Context& context, const Flow& flow, const CallbackQuery& came);

  const Settings& settings_;
  const ProviderSettings& providers_;
  const SessionService& sessions_;
  const IdentityService& identities_;
  ProviderClient client_;
};

// The name of the cookie that binds this state to a browser.
std::string flow_cookie_name(const std::string& state);

}  // namespace calixo::auth
