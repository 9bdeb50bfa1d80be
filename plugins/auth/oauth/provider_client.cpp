#include "provider_client.hpp"

#include <openssl/evp.h>

#include "account.hpp"
#include "encoding.hpp"
#include "redirects.hpp"

namespace calixo::auth {
namespace {

constexpr std::uint64_t kAnswerBytesMax = 256 * 1024;

struct Tokens : ProviderTokens {
  std::optional<std::string> id_token;
};
BOOST_DESCRIBE_STRUCT(Tokens, (ProviderTokens), (id_token))

struct GithubUser {
  std::int64_t id = 0;
  std::optional<std::string> login;
  std::optional<std::string> name;
  std::optional<std::string> avatar_url;
};
BOOST_DESCRIBE_STRUCT(GithubUser, (), (id, login, name, avatar_url))

struct GithubEmail {
  std::string email;
  bool primary = false;
  bool verified = false;
};
BOOST_DESCRIBE_STRUCT(GithubEmail, (), (email, primary, verified))

std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string form;
  for (const auto& [name, value] : fields) {
    form += (form.empty() ? "" : "&") + name + "=" + percent_encoded(value);
  }
  return form;
}

// RFC 6749 section 2.3.1: both parts escaped as in a form, then RFC 7617.
std::string basic_credentials(const std::string& id, const std::string& secret) {
  const std::string pair = percent_encoded(id) + ":" + percent_encoded(secret);
  std::string encoded(4 * ((pair.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(pair.data()),
                                   static_cast<int>(pair.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Basic " + encoded;
}

// What another server sent is no fault of this one's client.
template <class T>
T read_answer(std::string_view body) {
  try {
    return parse_json<T>(body);
  } catch (const Problem&) {
    throw provider_unavailable();
  }
}

HttpAnswer sent(const HttpClient& http, HttpRequest request) {
  request.answer_bytes_max = kAnswerBytesMax;
  try {
    return http.send(request);
  } catch (const HostFailure& failure) {
    if (failure.status() == CALIXO_CANCELLED) throw;
  }
  throw provider_unavailable();
}

std::vector<std::string> issuers_of(const Provider& provider) {
  std::vector<std::string> issuers{provider.issuer, provider.issuer + "/"};
  // Google's tokens may name it without the scheme.
  if (provider.name == "google") issuers.emplace_back("accounts.google.com");
  return issuers;
}

}  // namespace

std::string ProviderClient::authorization_url(const Provider& provider,
                                              const ProviderVisit& visit) {
  std::string url = provider.is_oidc ? directory_.endpoints(provider).authorization
                                     : provider.issuer + "/login/oauth/authorize";
  std::string scopes = provider.scopes;
  if (!visit.more_scopes.empty()) scopes += (scopes.empty() ? "" : " ") + visit.more_scopes;
  std::vector<std::pair<std::string, std::string>> fields{
      {"client_id", provider.client_ids.front()},
      {"redirect_uri", visit.callback_url},
      {"response_type", "code"},
      {"scope", scopes},
      {"state", visit.state},
      {"code_challenge", base64url(sha256(visit.verifier))},
      {"code_challenge_method", "S256"}};
  if (provider.is_oidc) fields.emplace_back("nonce", visit.nonce);
  // Apple gives name and address only to a form.
  if (provider.name == "apple") fields.emplace_back("response_mode", "form_post");
  return url + (url.find('?') == std::string::npos ? "?" : "&") + form_of(fields);
}

HttpAnswer ProviderClient::ask_for_tokens(const Provider& provider, const std::string& url,
                                          bool takes_basic, const std::string& code,
                                          const ProviderVisit& visit) const {
  const std::string& id = provider.client_ids.front();
  std::vector<std::pair<std::string, std::string>> fields{{"grant_type", "authorization_code"},
                                                          {"code", code},
                                                          {"redirect_uri", visit.callback_url},
                                                          {"code_verifier", visit.verifier}};
  HttpRequest request;
  request.method = "POST";
  request.url = url;
  request.headers = {{"Accept", "application/json"},
                     {"Content-Type", "application/x-www-form-urlencoded"}};
  if (takes_basic && !provider.client_secret.empty()) {
    request.headers.emplace_back("Authorization", basic_credentials(id, provider.client_secret));
  } else {
    fields.emplace_back("client_id", id);
    if (!provider.client_secret.empty()) {
      fields.emplace_back("client_secret", provider.client_secret);
    }
  }
  request.body = form_of(fields);
  return sent(http_, std::move(request));
}

ProviderClient::Arrival ProviderClient::arrival_of_code(const Provider& provider,
                                                        const std::string& code,
                                                        const ProviderVisit& visit) {
  OidcEndpoints endpoints;
  endpoints.token = provider.issuer + "/login/oauth/access_token";
  endpoints.takes_basic = false;
  if (provider.is_oidc) endpoints = directory_.endpoints(provider);
  const HttpAnswer answer =
      ask_for_tokens(provider, endpoints.token, endpoints.takes_basic, code, visit);
  if (!answer.is_success()) {
    plugin_.log().warn("provider refused a code",
                       {{"provider", provider.name}, {"status", answer.status()}});
    throw answer.status() >= 500 ? provider_unavailable() : Problem(400, "oauth_code_rejected");
  }
  const auto tokens = read_answer<Tokens>(answer.body());
  if (!provider.is_oidc) {
    require(tokens.access_token.has_value(), Problem(400, "oauth_code_rejected"));
    return {github_person(provider, *tokens.access_token), tokens};
  }
  require(tokens.id_token.has_value(), Problem(400, "bad_id_token"));
  ProviderPerson person =
      person_of_token(provider, {*tokens.id_token, visit.nonce, tokens.access_token});
  if (!person.email && !endpoints.userinfo.empty() && tokens.access_token) {
    person = with_userinfo(provider, endpoints.userinfo, *tokens.access_token, std::move(person));
  }
  return {person, tokens};
}

// Many providers tell address and name only here.
ProviderPerson ProviderClient::with_userinfo(const Provider& provider, const std::string& url,
                                             const std::string& access_token,
                                             ProviderPerson person) const {
  HttpRequest request;
  request.url = url;
  request.headers = {{"Accept", "application/json"}, {"Authorization", "Bearer " + access_token}};
  const HttpAnswer answer = sent(http_, std::move(request));
  if (answer.status() != 200) return person;
  const Json claims = read_answer<Json>(answer.body());
  require(claims.is_object(), provider_unavailable());
  ProviderPerson told = person_of_claims(provider.name, claims.get_object());
  // It is another's answer unless it says the same subject (OpenID Connect Core 5.3.2).
  require(told.subject == person.subject, Problem(400, "bad_id_token"));
  return told;
}

ProviderPerson ProviderClient::person_of_token(const Provider& provider,
                                               const Presented& presented) {
  IdTokenExpectation expected;
  expected.issuers = issuers_of(provider);
  expected.audiences = provider.client_ids;
  expected.now_s = plugin_.now().unix_s();
  expected.leeway_s = settings_.clock_skew_s.get();
  expected.nonce = presented.nonce;
  expected.access_token = presented.access_token;
  IdToken token = read_id_token(presented.id_token, *directory_.keys(provider, false), expected);
  if (token.fault == IdTokenFault::unknown_key) {
    token = read_id_token(presented.id_token, *directory_.keys(provider, true), expected);
  }
  if (token.fault != IdTokenFault::none) {
    plugin_.log().warn("ID token refused",
                       {{"provider", provider.name}, {"reason", to_text(token.fault)}});
    throw Problem(400, "bad_id_token");
  }
  ProviderPerson person = person_of_claims(provider.name, token.claims);
  require(!person.subject.empty(), Problem(400, "bad_id_token"));
  return person;
}

std::string ProviderClient::github_api(const Provider& provider, const std::string& path,
                                       const std::string& access_token) const {
  HttpRequest request;
  request.url = provider.api_url + path;
  request.headers = {{"Accept", "application/vnd.github+json"},
                     {"Authorization", "Bearer " + access_token}};
  const HttpAnswer answer = sent(http_, std::move(request));
  if (answer.status() != 200) throw provider_unavailable();
  return std::string(answer.body());
}

ProviderPerson ProviderClient::github_person(const Provider& provider,
                                             const std::string& access_token) const {
  const auto user = read_answer<GithubUser>(github_api(provider, "/user", access_token));
  const auto emails =
      read_answer<std::vector<GithubEmail>>(github_api(provider, "/user/emails", access_token));
  boost::json::object claims{{"sub", std::to_string(user.id)},
                             {"name", user.name.value_or(user.login.value_or(""))},
                             {"picture", user.avatar_url.value_or("")}};
  for (const GithubEmail& email : emails) {
    if (!email.primary) continue;
    claims["email"] = email.email;
    claims["email_verified"] = email.verified;
  }
  require(user.id > 0, provider_unavailable());
  return person_of_claims(provider.name, claims);
}

}  // namespace calixo::auth
