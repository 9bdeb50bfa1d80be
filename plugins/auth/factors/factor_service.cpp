#include "factors/factor_service.hpp"

#include <algorithm>

#include "account_store.hpp"
#include "encoding.hpp"
#include "factors/factor_store.hpp"
#include "factors/qr_code.hpp"
#include "factors/session_level_store.hpp"
#include "factors/totp.hpp"
#include "problems.hpp"

namespace calixo::auth {
namespace {

constexpr std::size_t kSecretBytes = 20;  // as long as SHA-1's digest: RFC 4226, section 4
constexpr std::int64_t kFactorsMax = 10;
constexpr std::int64_t kChallengeLifetime_s = 300;
constexpr std::int64_t kAttemptsMax = 5;
constexpr std::int64_t kRecentMinutes = 5;
constexpr std::int64_t kRecentAttemptsMax = 15;
constexpr std::size_t kIssuerBytesMax = 100;

constexpr Text kBadType{"factor_type debe ser totp.", "factor_type needs to be totp."};
constexpr Text kBadName{"friendly_name e issuer deben ser textos de 100 caracteres como mucho.",
                        "friendly_name and issuer have to be texts of at most 100 characters."};

bool is_label(const std::string& text) {
  return text.size() <= kIssuerBytesMax && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

// What applications show beside the code: where it is for.
std::string issuer_of(const Context& context, const EnrollRequest& wanted) {
  if (!wanted.issuer.value_or("").empty()) return *wanted.issuer;
  std::string_view host = context.base_url();
  host = host.substr(std::min(host.find("://") + 3, host.size()));
  return std::string(host);
}

// The level of the caller's session, which has to be open.
std::string caller_level(Context& context) {
  Database db = context.service_db();
  return or_fail(session_level(db, context.user_id(), context.principal().session_id),
                 Problem(403, "session_not_found"));
}

FactorRow factor_of_caller(Context& context, const std::string& factor_id) {
  Database db = context.service_db();
  return or_fail(find_factor(db, context.user_id(), factor_id),
                 Problem(404, "mfa_factor_not_found"));
}

void require_few_attempts(Context& context, const std::string& factor_id) {
  Database db = context.service_db();
  require(recent_attempts(db, factor_id, kRecentMinutes) < kRecentAttemptsMax,
          Problem(429, "over_request_rate_limit").retry_after_s(kRecentMinutes * 60));
}

enum class Verdict { no_factor, no_challenge, wrong_code, no_session, right };

// Within a transaction that is committed whatever comes out: a wrong code has to be counted. Locks
// go from the account to the factor to the challenge, here as in remove().
Verdict try_code(Transaction& tx, const std::string& user_id, const std::string& session_id,
                 const std::string& factor_id, const FactorProof& given, std::int64_t now_s) {
  const bool has_other = lock_factors(tx, user_id).verified > 0;
  const auto factor = lock_factor(tx, user_id, factor_id);
  if (!factor) return Verdict::no_factor;
  if (!take_attempt(tx, given.challenge_id, factor_id, kAttemptsMax)) return Verdict::no_challenge;
  const auto step = matching_step(from_bytea(factor->secret), given.code, now_s, factor->last_step);
  if (!step) return Verdict::wrong_code;
  confirm_factor(tx, factor_id, *step);
  const bool is_first = factor->status == "unverified" && !has_other;
  if (!raise_session(tx, session_id, now_s)) return Verdict::no_session;
  if (is_first) end_other_aal1_sessions(tx, user_id, session_id);
  return Verdict::right;
}

void require_right(Verdict verdict) {
  require(verdict != Verdict::no_factor, Problem(404, "mfa_factor_not_found"));
  require(verdict != Verdict::no_challenge, Problem(422, "mfa_challenge_expired"));
  require(verdict != Verdict::wrong_code, Problem(422, "mfa_verification_failed"));
  require(verdict != Verdict::no_session, Problem(403, "session_not_found"));
}

bool is_uuid(const std::string& text) { return Uuid::parse(text).has_value(); }

}  // namespace

Enrolled FactorService::enroll(Context& context, const EnrollRequest& wanted) const {
  require(wanted.factor_type == "totp", validation_problem(context, kBadType));
  require(is_label(wanted.friendly_name.value_or("")) && is_label(wanted.issuer.value_or("")),
          validation_problem(context, kBadName));
  const bool is_strong = caller_level(context) == "aal2";
  const std::string user_id(context.user_id());
  const std::string secret = random_bytes(kSecretBytes);
  NewFactor factor{random_uuid(), user_id, std::nullopt, bytea(secret)};
  if (!wanted.friendly_name.value_or("").empty()) factor.friendly_name = wanted.friendly_name;
  try {
    context.service_transaction([&](Transaction& tx) {
      const FactorCounts counts = lock_factors(tx, user_id);
      require(counts.verified == 0 || is_strong, Problem(403, "insufficient_aal"));
      require(counts.total < kFactorsMax, Problem(422, "too_many_enrolled_mfa_factors"));
      add_factor(tx, factor);
    });
  } catch (const DbError& error) {
    if (!error.is_unique_violation() || error.constraint() != kFactorNameConstraint) throw;
    throw Problem(422, "mfa_factor_name_conflict");
  }
  Database db = context.service_db();
  const auto account = or_fail(account_by_id(db, user_id), Problem(403, "session_not_found"));
  const std::string text = base32(secret);
  const std::string uri = otpauth_uri(issuer_of(context, wanted),
                                      account.email.empty() ? account.id : account.email, text);
  return {factor.id, "totp", factor.friendly_name, {qr_code_svg(uri), text, uri}};
}

Challenged FactorService::challenge(Context& context, const std::string& factor_id) const {
  caller_level(context);
  factor_of_caller(context, factor_id);
  require_few_attempts(context, factor_id);
  const std::string id = random_uuid();
  Database db = context.service_db();
  add_challenge(db, id, factor_id, kChallengeLifetime_s);
  return {id, "totp", context.now().unix_s() + kChallengeLifetime_s};
}

Session FactorService::verify(Context& context, const std::string& factor_id,
                              const FactorProof& given) const {
  require(is_uuid(given.challenge_id), Problem(422, "mfa_challenge_expired"));
  caller_level(context);
  factor_of_caller(context, factor_id);
  require_few_attempts(context, factor_id);
  const std::string user_id(context.user_id());
  const std::string session_id(context.principal().session_id);
  const std::int64_t now_s = context.now().unix_s();
  const Verdict verdict = context.service_transaction(
      [&](Transaction& tx) { return try_code(tx, user_id, session_id, factor_id, given, now_s); });
  require_right(verdict);
  return sessions_.renew(context, session_id);
}

void FactorService::remove(Context& context, const std::string& factor_id) const {
  const bool is_strong = caller_level(context) == "aal2";
  const std::string user_id(context.user_id());
  context.service_transaction([&](Transaction& tx) {
    const std::int64_t verified = lock_factors(tx, user_id).verified;
    const auto factor =
        or_fail(lock_factor(tx, user_id, factor_id), Problem(404, "mfa_factor_not_found"));
    const bool is_verified = factor.status == "verified";
    require(!is_verified || is_strong, Problem(422, "insufficient_aal"));
    remove_factor(tx, factor_id);
    if (is_verified && verified == 1) lower_sessions(tx, user_id);
  });
}

}  // namespace calixo::auth
