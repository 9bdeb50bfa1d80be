// What OpenID Connect providers say of themselves: their endpoints and keys, fetched and kept for a
// while. Kept by this process; a document that can't be fetched anew does for another day.
#pragma once

#include <calixo/http_client.hpp>
#include <calixo/plugin.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "json_web_key.hpp"
#include "provider_settings.hpp"

namespace calixo::auth {

struct OidcEndpoints {
  std::string authorization;
  std::string token;
  std::string jwks;
  std::string userinfo;     // empty: none
  bool takes_basic = true;  // the client's secret in the Authorization header, else in the form
};

class OidcDirectory {
 public:
  explicit OidcDirectory(const Plugin& plugin) : plugin_(plugin), http_(plugin) {}

  // Problem 503 provider_unavailable; HostFailure. [fiber, suspends]
  OidcEndpoints endpoints(const Provider& provider);

  // is_stale: a token named a key that the last answer had none of; asked for again at most once a
  // minute. The same failures. [fiber, suspends]
  std::shared_ptr<const std::vector<JsonWebKey>> keys(const Provider& provider, bool is_stale);

 private:
  struct Entry {
    OidcEndpoints endpoints;
    Timestamp endpoints_at;
    std::shared_ptr<const std::vector<JsonWebKey>> keys;
    Timestamp keys_at;
  };
  Entry entry(const std::string& issuer);
  OidcEndpoints fetch_endpoints(const Provider& provider) const;
  std::string fetch(const Provider& provider, const std::string& url) const;

  const Plugin& plugin_;
  HttpClient http_;
  std::mutex mutex_;                      // never held over a wait
  std::map<std::string, Entry> entries_;  // by issuer: as many as there are providers
};

// The one failure of a provider that is away or does not speak as it should.
Problem provider_unavailable();

}  // namespace calixo::auth
