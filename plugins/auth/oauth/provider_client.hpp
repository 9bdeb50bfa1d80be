// Asks a provider who somebody is: sends people there, exchanges the code that they come back with,
// and checks ID tokens that clients bring.
#pragma once

#include <calixo/http_client.hpp>
#include <calixo/plugin.hpp>

#include <optional>
#include <string>

#include "id_token.hpp"
#include "oidc_directory.hpp"
#include "provider_person.hpp"
#include "provider_settings.hpp"
#include "provider_tokens.hpp"
#include "settings.hpp"

namespace calixo::auth {

// What goes along when somebody is sent to a provider.
struct ProviderVisit {
  std::string state;
  std::string nonce;
  std::string verifier;  // of this server's own PKCE
  std::string callback_url;
  std::string more_scopes;  // that the client asks for beside the operator's
};

class ProviderClient {
 public:
  ProviderClient(const Plugin& plugin, const Settings& settings)
      : plugin_(plugin), settings_(settings), http_(plugin), directory_(plugin) {}

  // Where the person is sent. Problem 503 provider_unavailable. [fiber, suspends]
  std::string authorization_url(const Provider& provider, const ProviderVisit& visit);

  struct Arrival {
    ProviderPerson person;
    ProviderTokens tokens;
  };
  // Who came back with this code. Problems: 400 oauth_code_rejected, bad_id_token; 503
  // provider_unavailable. [fiber, suspends]
  Arrival arrival_of_code(const Provider& provider, const std::string& code,
                          const ProviderVisit& visit);

  struct Presented {
    std::string id_token;
    std::optional<std::string> nonce;         // as the token has it
    std::optional<std::string> access_token;  // held against the token's at_hash
  };
  // Whom an ID token names. The same problems. [fiber, suspends]
  ProviderPerson person_of_token(const Provider& provider, const Presented& presented);

 private:
  HttpAnswer ask_for_tokens(const Provider& provider, const std::string& url, bool takes_basic,
                            const std::string& code, const ProviderVisit& visit) const;
  ProviderPerson with_userinfo(const Provider& provider, const std::string& url,
                               const std::string& access_token, ProviderPerson person) const;
  ProviderPerson github_person(const Provider& provider, const std::string& access_token) const;
  std::string github_api(const Provider& provider, const std::string& path,
                         const std::string& access_token) const;

  const Plugin& plugin_;
  const Settings& settings_;
  HttpClient http_;
  OidcDirectory directory_;
};

}  // namespace calixo::auth
