#include "factors/factor_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kLockUser = "select id from users where id = $1 for update";

constexpr std::string_view kForgetUnfinished = R"(
  delete from mfa_factors
  where user_id = $1 and status = 'unverified' and created_at < now() - interval '1 hour')";

constexpr std::string_view kCount = R"(
  select count(*) as total, count(*) filter (where status = 'verified') as verified
  from mfa_factors where user_id = $1)";

constexpr std::string_view kInsert = R"(
  insert into mfa_factors (id, user_id, friendly_name, secret) values ($1, $2, $3, $4))";

constexpr std::string_view kFind = R"(
  select id, user_id, status, last_step, '' as secret
  from mfa_factors where user_id = $1 and id = $2)";

constexpr std::string_view kLock = R"(
  select id, user_id, status, last_step, auth_factor_secret(id) as secret
  from mfa_factors where user_id = $1 and id = $2
  for update)";

constexpr std::string_view kRecentAttempts = R"(
  select coalesce(sum(attempts), 0)::bigint as attempts from mfa_challenges
  where factor_id = $1 and created_at > now() - make_interval(mins => $2::int))";

constexpr std::string_view kInsertChallenge = R"(
  insert into mfa_challenges (id, factor_id, expires_at)
  values ($1, $2, now() + make_interval(secs => $3::float8)))";

constexpr std::string_view kTakeAttempt = R"(
  update mfa_challenges set attempts = attempts + 1
  where id = $1 and factor_id = $2 and attempts < $3 and expires_at > now())";

constexpr std::string_view kConfirm = R"(
  update mfa_factors set status = 'verified', last_step = $2, updated_at = now() where id = $1)";

}  // namespace

FactorCounts lock_factors(Transaction& tx, std::string_view user_id) {
  return tx.batch()
      .add(kLockUser, user_id)
      .add(kForgetUnfinished, user_id)
      .add(kCount, user_id)
      .run()[2]
      .first<FactorCounts>()
      .value_or(FactorCounts{});
}

void add_factor(Transaction& tx, const NewFactor& factor) {
  tx.execute(kInsert, factor.id, factor.user_id, factor.friendly_name, factor.secret);
}

std::optional<FactorRow> find_factor(Database& service, std::string_view user_id,
                                     std::string_view factor_id) {
  return service.query(kFind, user_id, factor_id).first<FactorRow>();
}

std::optional<FactorRow> lock_factor(Transaction& tx, std::string_view user_id,
                                     std::string_view factor_id) {
  return tx.query(kLock, user_id, factor_id).first<FactorRow>();
}

std::int64_t recent_attempts(Database& service, std::string_view factor_id,
                             std::int64_t minutes_max) {
  return service.query(kRecentAttempts, factor_id, minutes_max)[0].get<std::int64_t>("attempts");
}

void add_challenge(Database& service, std::string_view challenge_id, std::string_view factor_id,
                   std::int64_t lifetime_s) {
  service.execute(kInsertChallenge, challenge_id, factor_id, lifetime_s);
}

bool take_attempt(Transaction& tx, std::string_view challenge_id, std::string_view factor_id,
                  std::int64_t attempts_max) {
  return tx.execute(kTakeAttempt, challenge_id, factor_id, attempts_max) == 1;
}

void confirm_factor(Transaction& tx, std::string_view factor_id, std::int64_t step) {
  tx.batch()
      .add(kConfirm, factor_id, step)
      .add("delete from mfa_challenges where factor_id = $1", factor_id)
      .run();
}

void remove_factor(Transaction& tx, std::string_view factor_id) {
  tx.execute("delete from mfa_factors where id = $1", factor_id);
}

void forget_expired_challenges(Database& service) {
  service.execute("delete from mfa_challenges where created_at < now() - interval '1 hour'");
}

}  // namespace calixo::auth
