#include "flow_service.hpp"

#include <algorithm>
#include <cctype>

#include "account_store.hpp"
#include "encoding.hpp"
#include "problems.hpp"

namespace calixo::auth {
namespace {

constexpr std::int64_t kCodeLifetime_s = 300;
constexpr std::size_t kCodeBytes = 32;
constexpr Text kBadChallenge{
    "code_challenge debe tener de 43 a 128 caracteres y el método s256 o plain.",
    "code_challenge needs 43 to 128 characters and the method s256 or plain."};
constexpr Text kNoCode{"Faltan auth_code y code_verifier.",
                       "Both auth_code and code_verifier are needed."};

std::string hash_of(const std::string& code) { return bytea(sha256(code)); }

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_verified(const Flow& flow, const std::string& verifier) {
  if (!flow.code_challenge) return false;
  const bool is_plain = flow.code_challenge_method == "plain";
  return is_equal_secret(is_plain ? verifier : base64url(sha256(verifier)), *flow.code_challenge);
}

}  // namespace

std::optional<CodeChallenge> FlowService::checked(const Context& context,
                                                  const CodeChallenge& sent) {
  if (sent.code_challenge.value_or("").empty()) return std::nullopt;
  const std::string method = lower(sent.code_challenge_method.value_or(""));
  const std::size_t size = sent.code_challenge->size();
  require(size >= 43 && size <= 128 && (method == "s256" || method == "plain"),
          validation_problem(context, kBadChallenge));
  return CodeChallenge{sent.code_challenge, method};
}

std::optional<std::string> FlowService::issue_code(Database& service, const std::string& flow_id,
                                                   const std::string& user_id,
                                                   const ProviderTokens& tokens) {
  std::string code = base64url(random_bytes(kCodeBytes));
  NewCode issued{flow_id, user_id, hash_of(code), std::nullopt, kCodeLifetime_s};
  if (const auto bytes = sealed(tokens, code)) issued.provider_tokens = bytea(*bytes);
  if (!set_auth_code(service, issued)) {
    return std::nullopt;
  }
  return code;
}

Session FlowService::exchange(Context& context, const CodeExchange& given) const {
  require(!given.auth_code.empty() && !given.code_verifier.empty(),
          validation_problem(context, kNoCode));
  Database db = context.service_db();
  const auto flow = take_flow_by_code(db, hash_of(given.auth_code));
  require(flow && flow->user_id, Problem(404, "flow_state_not_found"));
  require(is_verified(*flow, given.code_verifier), Problem(400, "bad_code_verifier"));
  const auto account = account_by_id(db, *flow->user_id);
  require(account.has_value(), Problem(404, "flow_state_not_found"));
  Session session =
      sessions_.enter(context, *account, {flow->method, flow->provider.value_or("email")});
  if (flow->provider_tokens) {
    ProviderTokens tokens = unsealed(from_bytea(*flow->provider_tokens), given.auth_code);
    session.provider_token = std::move(tokens.access_token);
    session.provider_refresh_token = std::move(tokens.refresh_token);
  }
  return session;
}

}  // namespace calixo::auth
