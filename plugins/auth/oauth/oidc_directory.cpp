#include "oidc_directory.hpp"

#include <algorithm>
#include <chrono>

namespace calixo::auth {
namespace {

constexpr std::chrono::hours kEndpointsAge{1};
constexpr std::chrono::minutes kKeysAge{10};
constexpr std::chrono::minutes kStaleKeysAge{1};
constexpr std::chrono::hours kLastResortAge{24};
constexpr std::uint64_t kDocumentBytesMax = 256 * 1024;

struct Discovery {
  std::string issuer;
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string jwks_uri;
  std::optional<std::string> userinfo_endpoint;
  std::optional<std::vector<std::string>> token_endpoint_auth_methods_supported;
};
BOOST_DESCRIBE_STRUCT(Discovery, (),
                      (issuer, authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint,
                       token_endpoint_auth_methods_supported))

Discovery read_discovery(const std::string& body) {
  try {
    return parse_json<Discovery>(body);
  } catch (const Problem&) {  // not for the client: it sent none of this
    throw provider_unavailable();
  }
}

}  // namespace

Problem provider_unavailable() { return Problem(503, "provider_unavailable").retry_after_s(10); }

OidcDirectory::Entry OidcDirectory::entry(const std::string& issuer) {
  const std::lock_guard lock(mutex_);
  return entries_[issuer];
}

std::string OidcDirectory::fetch(const Provider& provider, const std::string& url) const {
  HttpRequest request;
  request.url = url;
  request.headers = {{"Accept", "application/json"}};
  request.answer_bytes_max = kDocumentBytesMax;
  try {
    const HttpAnswer answer = http_.send(request);
    if (answer.status() == 200) return std::string(answer.body());
    plugin_.log().warn("provider refused", {{"provider", provider.name},
                                            {"status", answer.status()},
                                            {"document", "discovery or keys"}});
  } catch (const HostFailure& failure) {
    if (failure.status() == CALIXO_CANCELLED) throw;
  }
  throw provider_unavailable();
}

OidcEndpoints OidcDirectory::fetch_endpoints(const Provider& provider) const {
  const Discovery found =
      read_discovery(fetch(provider, provider.issuer + "/.well-known/openid-configuration"));
  const bool is_its_own = found.issuer == provider.issuer || found.issuer == provider.issuer + "/";
  const bool is_safe = is_safe_url(found.authorization_endpoint) &&
                       is_safe_url(found.token_endpoint) && is_safe_url(found.jwks_uri);
  if (!is_its_own || !is_safe) {
    plugin_.log().error("provider misconfigured",
                        {{"provider", provider.name},
                         {"reason", is_its_own ? "an endpoint is not below https://"
                                               : "it calls itself by another issuer"}});
    throw provider_unavailable();
  }
  const auto& methods = found.token_endpoint_auth_methods_supported;
  const bool takes_basic = !methods || std::find(methods->begin(), methods->end(),
                                                 "client_secret_basic") != methods->end();
  const std::string userinfo = found.userinfo_endpoint.value_or("");
  return {found.authorization_endpoint, found.token_endpoint, found.jwks_uri,
          is_safe_url(userinfo) ? userinfo : "", takes_basic};
}

OidcEndpoints OidcDirectory::endpoints(const Provider& provider) {
  const Timestamp now = plugin_.now();
  const Entry known = entry(provider.issuer);
  const auto age = now - known.endpoints_at;
  if (age < kEndpointsAge) return known.endpoints;
  try {
    OidcEndpoints fetched = fetch_endpoints(provider);
    const std::lock_guard lock(mutex_);
    Entry& kept = entries_[provider.issuer];
    kept.endpoints = fetched;
    kept.endpoints_at = now;
    return fetched;
  } catch (const Problem&) {
    if (age < kLastResortAge) return known.endpoints;
    throw;
  }
}

std::shared_ptr<const std::vector<JsonWebKey>> OidcDirectory::keys(const Provider& provider,
                                                                   bool is_stale) {
  const Timestamp now = plugin_.now();
  const Entry known = entry(provider.issuer);
  const auto age = now - known.keys_at;
  if (known.keys && age < (is_stale ? std::chrono::minutes(kStaleKeysAge) : kKeysAge)) {
    return known.keys;
  }
  try {
    const std::string body = fetch(provider, endpoints(provider).jwks);
    auto fetched = std::make_shared<const std::vector<JsonWebKey>>(read_key_set(body));
    const std::lock_guard lock(mutex_);
    Entry& kept = entries_[provider.issuer];
    kept.keys = fetched;
    kept.keys_at = now;
    return fetched;
  } catch (const Problem&) {
    if (known.keys && age < kLastResortAge) return known.keys;
    throw;
  }
}

}  // namespace calixo::auth
