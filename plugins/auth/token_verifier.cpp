#include "token_verifier.hpp"

#include <calixo/detail/abi.hpp>

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <vector>

namespace calixo::auth {
namespace {

// The interface has no user pointer, so the verifier in use is the library's. Earlier ones are
// kept: a loop may be in the middle of one.
std::atomic<const AccessTokens*> current{nullptr};
std::atomic<const Standing*> present_standing{nullptr};
std::vector<std::shared_ptr<const AccessTokens>>& published() {
  static std::vector<std::shared_ptr<const AccessTokens>> all;
  return all;
}

constexpr std::uint32_t kAllRoles = CALIXO_ROLE_USER | CALIXO_ROLE_PREMIUM | CALIXO_ROLE_MODERATOR |
                                    CALIXO_ROLE_ADMIN | CALIXO_ROLE_SERVICE;

std::uint32_t roles_of(const VerifiedToken& token) {
  if (token.role == "service_role") return kAllRoles;
  if (token.app_role == "admin") {
    return CALIXO_ROLE_USER | CALIXO_ROLE_MODERATOR | CALIXO_ROLE_ADMIN;
  }
  if (token.app_role == "moderator") return CALIXO_ROLE_USER | CALIXO_ROLE_MODERATOR;
  if (token.app_role == "premium") return CALIXO_ROLE_USER | CALIXO_ROLE_PREMIUM;
  return CALIXO_ROLE_USER;
}

std::int64_t now_s() {
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since_epoch).count();
}

// The role that holds now, for the policies that read app_metadata.role as well.
void give_role(VerifiedToken& token, const std::string& app_role) {
  boost::json::object claims = boost::json::parse(token.claims_json).as_object();
  boost::json::value& metadata = claims["app_metadata"];
  if (!metadata.is_object()) metadata = boost::json::object();
  metadata.as_object()["role"] = app_role;
  token.claims_json = boost::json::serialize(claims);
  token.app_role = app_role;
}

// False where the session or the account is no more.
bool is_in_standing(VerifiedToken& token) {
  const Standing* standing = present_standing.load(std::memory_order_acquire);
  if (standing == nullptr || token.user_id.empty()) return true;
  if (standing->is_revoked(token.user_id, token.session_id, now_s())) return false;
  const std::string app_role = standing->app_role_of(token.user_id);
  if (!app_role.empty() && app_role != token.app_role) give_role(token, app_role);
  return true;
}

calixo_status verify(const AccessTokens& tokens, std::string_view text,
                     void (*accept)(void*, const calixo_principal*), void* sink) {
  VerifiedToken token;
  switch (tokens.verify(text, now_s(), token)) {
    case TokenVerdict::invalid:
      return CALIXO_DENIED;
    case TokenVerdict::expired:
      return CALIXO_TIMEOUT;
    case TokenVerdict::valid:
      break;
  }
  if (!is_in_standing(token)) return CALIXO_NOT_FOUND;
  calixo_principal principal{};
  principal.struct_size = sizeof principal;
  principal.roles = roles_of(token);
  principal.user_id = detail::to_abi(token.user_id);
  principal.session_id = detail::to_abi(token.session_id);
  principal.claims_json = detail::to_abi(token.claims_json);
  principal.expires_at_s = token.expires_at_s;
  accept(sink, &principal);
  return CALIXO_OK;
}

calixo_status verify_entry(const calixo_str token, void (*accept)(void*, const calixo_principal*),
                           void* sink) {
  const AccessTokens* tokens = current.load(std::memory_order_acquire);
  if (tokens == nullptr) return CALIXO_DENIED;
  try {
    return verify(*tokens, {token.data, token.size}, accept, sink);
  } catch (...) {  // out of memory, or OpenSSL without it
    return CALIXO_DENIED;
  }
}

}  // namespace

const calixo_token_verifier_v1& token_verifier_table() {
  static constexpr calixo_token_verifier_v1 kTable{verify_entry};
  return kTable;
}

void publish_token_verifier(std::shared_ptr<const AccessTokens> tokens) {
  current.store(tokens.get(), std::memory_order_release);
  if (tokens) published().push_back(std::move(tokens));
}

void use_standing(const Standing* standing) {
  present_standing.store(standing, std::memory_order_release);
}

}  // namespace calixo::auth
