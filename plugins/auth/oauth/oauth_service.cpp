#include "oauth_service.hpp"

#include <algorithm>

#include "encoding.hpp"
#include "problems.hpp"
#include "redirects.hpp"

namespace calixo::auth {
namespace {

constexpr std::int64_t kVisitLifetime_s = 600;
constexpr std::int64_t kCodeLifetime_s = 300;
constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kStateBytesMax = 128;
constexpr std::size_t kCodeBytesMax = 4096;
// Beside this server's own tokens, within what proxies take as a header.
constexpr std::size_t kFragmentTokensBytesMax = 4096;
constexpr std::string_view kCallbackPath = "/auth/v1/callback";

constexpr Text kUnsupported{"Unsupported provider: este proveedor no está disponible.",
                            "Unsupported provider: provider is not enabled"};
constexpr Text kBadScopes{"scopes debe ser una lista de palabras, de 500 caracteres como mucho.",
                          "scopes has to be a list of words, of at most 500 characters."};
constexpr Text kNoIdToken{"Faltan provider e id_token.", "Both provider and id_token are needed."};

std::string callback_url(const Context& context) {
  return std::string(context.base_url()) + std::string(kCallbackPath);
}

bool is_scope_list(std::string_view text) {
  return text.size() <= 500 && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
         });
}

std::string state_hash(const std::string& state, const std::string& browser_secret) {
  return bytea(sha256(state + "." + browser_secret));
}

// The value of a cookie of this name; empty: there is none.
std::string cookie_of(const Context& context, const std::string& name) {
  std::string_view rest = context.header("Cookie").value_or("");
  while (!rest.empty()) {
    const auto end = rest.find(';');
    std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(name + "=")) return std::string(pair.substr(name.size() + 1));
  }
  return {};
}

std::string cookie_for(const Context& context, const std::string& provider,
                       const std::string& state, const std::string& secret) {
  const bool is_tls = context.base_url().starts_with("https:");
  // Apple comes back with a form of another site's, which Lax cookies stay away from.
  const bool is_cross_site = provider == "apple" && is_tls;
  return flow_cookie_name(state) + "=" + secret + "; Path=" + std::string(kCallbackPath) +
         "; Max-Age=" + std::to_string(kVisitLifetime_s) + "; HttpOnly" +
         (is_tls ? "; Secure" : "") + (is_cross_site ? "; SameSite=None" : "; SameSite=Lax");
}

// Where a flow that failed leads: its target, with what went wrong.
std::string with_error(const std::string& target, bool has_challenge, std::string_view error,
                       std::string_view code, std::string_view description) {
  if (has_challenge) {
    std::string url = with_query(target, "error", error);
    url = with_query(std::move(url), "error_code", code);
    return with_query(std::move(url), "error_description", description);
  }
  return with_fragment(target, "error=" + percent_encoded(error) +
                                   "&error_code=" + percent_encoded(code) +
                                   "&error_description=" + percent_encoded(description));
}

std::string with_session(const std::string& target, const Session& session,
                         const ProviderTokens& tokens) {
  std::string fields = "access_token=" + percent_encoded(session.access_token) +
                       "&expires_at=" + std::to_string(session.expires_at) +
                       "&expires_in=" + std::to_string(session.expires_in) +
                       "&refresh_token=" + percent_encoded(session.refresh_token) +
                       "&token_type=bearer";
  const std::string access = percent_encoded(tokens.access_token.value_or(""));
  const std::string refresh = percent_encoded(tokens.refresh_token.value_or(""));
  if (access.size() + refresh.size() <= kFragmentTokensBytesMax) {
    if (!access.empty()) fields += "&provider_token=" + access;
    if (!refresh.empty()) fields += "&provider_refresh_token=" + refresh;
  }
  return with_fragment(target, fields);
}

// The provider's own words are shown to the client's page, so they are cut and cleaned.
std::string printable(const std::string& text) {
  std::string shown;
  for (const char c : text.substr(0, 300)) {
    if (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f) shown += c;
  }
  return shown;
}

std::string hex_sha256(const std::string& text) { return bytea(sha256(text)).substr(2); }

}  // namespace

std::string flow_cookie_name(const std::string& state) {
  return "calixo_flow_" + state.substr(0, 12);
}

Provider OAuthService::provider_of(const Context& context, std::string_view name) const {
  return or_fail(providers_.find(name), validation_problem(context, kUnsupported));
}

OAuthService::Departure OAuthService::depart(Context& context, const VisitRequest& wanted) {
  const Provider provider = provider_of(context, wanted.provider);
  require(is_scope_list(wanted.scopes), validation_problem(context, kBadScopes));
  const auto challenge = FlowService::checked(context, wanted.challenge);
  const ProviderVisit visit{
      base64url(random_bytes(kSecretBytes)), base64url(random_bytes(kSecretBytes)),
      base64url(random_bytes(kSecretBytes)), callback_url(context), wanted.scopes};
  const std::string url = client_.authorization_url(provider, visit);
  const bool is_bound = wanted.is_bound_to_browser && !challenge;
  const std::string browser_secret = is_bound ? base64url(random_bytes(kSecretBytes)) : "";

  Flow flow;
  flow.id = random_uuid();
  flow.linking_user_id = wanted.linking_user_id;
  flow.method = "oauth";
  flow.provider = provider.name;
  if (challenge) {
    flow.code_challenge = challenge->code_challenge;
    flow.code_challenge_method = challenge->code_challenge_method;
  }
  flow.nonce = visit.nonce;
  flow.provider_verifier = visit.verifier;
  flow.redirect_to =
      allowed_redirect(redirect_rules(settings_, context), wanted.redirect_to.value_or(""));
  Database db = context.service_db();
  Batch batch = db.batch();
  add_flow(batch, flow, state_hash(visit.state, browser_secret), kVisitLifetime_s);
  batch.run();
  return {url, is_bound ? cookie_for(context, provider.name, visit.state, browser_secret) : ""};
}

// A state that came with its browser's cookie is looked for by both; nobody else's fits.
std::optional<Flow> OAuthService::take_flow(Context& context, const std::string& state) const {
  if (state.empty() || state.size() > kStateBytesMax) return std::nullopt;
  Database db = context.service_db();
  return take_flow_by_state(db, state_hash(state, cookie_of(context, flow_cookie_name(state))));
}

std::string OAuthService::arrive(Context& context, const CallbackQuery& came) {
  const auto flow = take_flow(context, came.state.value_or(""));
  if (!flow || !flow->provider) {
    return with_error(redirect_rules(settings_, context).site_url, false, "invalid_request",
                      "bad_oauth_state", "OAuth state is unknown, used or expired");
  }
  const std::string target = flow->redirect_to.value_or("");
  const bool has_challenge = flow->code_challenge.has_value();
  if (came.error || !came.code || came.code->size() > kCodeBytesMax) {
    return with_error(target, has_challenge, printable(came.error.value_or("invalid_request")),
                      came.error ? "oauth_provider_error" : "bad_oauth_callback",
                      printable(came.error_description.value_or("No code came back")));
  }
  try {
    return finish(context, *flow, came);
  } catch (const Problem& problem) {
    const bool is_ours = problem.http_status() >= 500;
    return with_error(target, has_challenge, is_ours ? "server_error" : "access_denied",
                      problem.code(), "Sign-in failed: " + problem.code());
  }
}

std::string OAuthService::finish(Context& context, const Flow& flow, const CallbackQuery& came) {
  const Provider provider = provider_of(context, *flow.provider);
  const ProviderVisit visit{"", flow.nonce.value_or(""), flow.provider_verifier.value_or(""),
                            callback_url(context), ""};
  auto [person, tokens] = client_.arrival_of_code(provider, *came.code, visit);
  if (provider.name == "apple" && person.name.empty()) {
    person.name = name_of_first_visit(came.user.value_or(""));
  }
  const Account account =
      flow.linking_user_id
          ? identities_.link(context, *flow.linking_user_id, person, provider.issuer)
          : identities_.account_of(context, person, provider.issuer);
  const std::string target = flow.redirect_to.value_or("");
  if (!flow.code_challenge) {
    return with_session(target, sessions_.enter(context, account, {"oauth", provider.name}),
                        tokens);
  }
  Flow opening;  // goes on under another secret, the code's, without those of the provider
  opening.id = flow.id;
  opening.linking_user_id = flow.linking_user_id;
  opening.method = flow.method;
  opening.provider = flow.provider;
  opening.code_challenge = flow.code_challenge;
  opening.code_challenge_method = flow.code_challenge_method;
  opening.redirect_to = flow.redirect_to;
  Database db = context.service_db();
  Batch batch = db.batch();
  add_flow(batch, opening, "", kCodeLifetime_s);
  batch.run();
  const auto code = FlowService::issue_code(db, opening.id, account.id, tokens);
  return with_query(target, "code", or_fail(code, Problem(500, "internal")));
}

Session OAuthService::enter(Context& context, const IdTokenRequest& given) {
  require(!given.provider.empty() && !given.id_token.empty(),
          validation_problem(context, kNoIdToken));
  const Provider provider = provider_of(context, given.provider);
  require(provider.is_oidc, validation_problem(context, kUnsupported));
  ProviderClient::Presented presented{given.id_token, std::nullopt, given.access_token};
  // Clients hand the provider a digest of the nonce and keep the nonce for this call.
  if (!given.nonce.value_or("").empty()) presented.nonce = hex_sha256(*given.nonce);
  const ProviderPerson person = client_.person_of_token(provider, presented);
  const Account account =
      given.linking_user_id
          ? identities_.link(context, *given.linking_user_id, person, provider.issuer)
          : identities_.account_of(context, person, provider.issuer);
  return sessions_.enter(context, account, {"oauth", provider.name});
}

}  // namespace calixo::auth
