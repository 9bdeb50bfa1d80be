#include "tokens/verify_service.hpp"

#include "account_store.hpp"
#include "problems.hpp"
#include "tokens/confirmation_store.hpp"
#include "tokens/one_time_token.hpp"

namespace calixo::auth {
namespace {

constexpr std::size_t kTokenBytesMax = 128;
constexpr Text kBadType{"El tipo de verificación no existe.", "Unknown verification type."};

Problem expired() { return Problem(403, "otp_expired"); }

std::vector<std::string> known_purposes(const Context& context, const std::string& type) {
  std::vector<std::string> purposes = purposes_of(type);
  require(!purposes.empty(), validation_problem(context, kBadType));
  return purposes;
}

std::vector<std::string> digests_of(const std::vector<std::string>& purposes,
                                    const std::string& email, const std::string& code) {
  std::vector<std::string> digests;
  for (const std::string& purpose : purposes) digests.push_back(code_digest(purpose, email, code));
  return digests;
}

enum class Effect { none, half, whole };

Effect change_address(Transaction& tx, const TakenToken& token) {
  const auto awaited = confirm_email_change(tx, token.user_id, token.purpose, token.email);
  if (!awaited) return Effect::none;
  if (*awaited > 0) return Effect::half;
  finish_email_change(tx, token.user_id);
  return Effect::whole;
}

// What reading the mail proves.
Effect take_effect(Transaction& tx, const TakenToken& token) {
  if (token.purpose.starts_with("email_change")) return change_address(tx, token);
  // Whoever signed up under somebody else's address chose that password: it must not outlive the
  // moment when its owner comes in by a mail of their own.
  if (token.purpose != token_purpose::signup) {
    drop_unproved_password(tx, token.user_id);
  }
  return confirm_address(tx, token.user_id, token.email) ? Effect::whole : Effect::none;
}

// take(Transaction&) gives the token. Its effect and its end are one commit; a wrong code's count
// commits as well.
template <class Take>
Verified verify(Context& context, Take take) {
  std::optional<TakenToken> token;
  Effect effect = Effect::none;
  try {
    context.service_transaction([&](Transaction& tx) {
      token = take(tx);
      effect = token ? take_effect(tx, *token) : Effect::none;
    });
  } catch (const DbError& error) {
    if (!error.is_unique_violation()) throw;
    throw Problem(422, "email_exists");
  }
  require(effect != Effect::none, expired());
  if (effect == Effect::half) return {*token, std::nullopt};
  Database db = context.service_db();
  return {*token, or_fail(account_by_id(db, token->user_id), expired())};
}

}  // namespace

Verified VerifyService::by_token(Context& context, const std::string& type,
                                 const std::string& token) {
  const auto purposes = known_purposes(context, type);
  require(!token.empty() && token.size() <= kTokenBytesMax, expired());
  return verify(context,
                [&](Transaction& tx) { return take_by_token(tx, token_digest(token), purposes); });
}

Verified VerifyService::by_code(Context& context, const std::string& type, const std::string& email,
                                const std::string& code) {
  const auto purposes = known_purposes(context, type);
  const auto address = normal_email(email);
  require(address && is_code(code), expired());
  return verify(context, [&](Transaction& tx) {
    return take_by_code(tx, *address, purposes, digests_of(purposes, *address, code));
  });
}

bool VerifyService::takes_nonce(Context& context, const Account& account, const std::string& code) {
  if (!is_code(code)) return false;
  const std::vector<std::string> purposes{std::string(token_purpose::reauthentication)};
  Database db = context.service_db();
  const auto token =
      take_by_code(db, account.email, purposes, digests_of(purposes, account.email, code));
  return token && token->user_id == account.id;
}

}  // namespace calixo::auth
