#include "attempts_store.hpp"

namespace calixo::challenges {
namespace {

// The client's view of attempts `a`; $1 is the language.
constexpr std::string_view kView = R"(
  select a.id, a.challenge_id, a.status, a.started_at, a.completed_at, a.expires_at, a.reward,
         a.reason, a.progress_count, a.last_progress_at,
         json_build_object('id', c.id, 'slug', c.slug, 'type', c.type,
           'title', case $1 when 'en' then c.title_en else c.title end,
           'description', case $1 when 'en' then c.description_en else c.description end,
           'reward', c.reward, 'rules', c.rules) as challenge)";

// The hooks' view of attempt `a` of challenge `c`. The clock is read, not the transaction's
// beginning: it may have waited for the row.
constexpr std::string_view kOpen = R"(
  select a.id, a.challenge_id, a.user_id, c.type, c.reward as template_reward, a.started_at,
         clock_timestamp() as now, a.last_progress_at, a.expires_at, a.progress_count,
         c.rules::text as rules_json, a.state::text as state_json)";

// An update of the locked attempt $2 that answers the client's view.
std::string update_of(std::string_view assignments) {
  return "with a as (update user_challenges set " + std::string(assignments) +
         " where id = $2 and status = 'pending' returning *)" + std::string(kView) +
         " from a join challenges c on c.id = a.challenge_id";
}

Attempt only(const Rows& rows) {
  if (rows.empty()) throw std::logic_error("a locked attempt is not there");
  return rows[0].as<Attempt>();
}

}  // namespace

std::vector<Attempt> list_attempts(Database& db, std::string_view language,
                                   std::string_view user_id, std::optional<AttemptStatus> status,
                                   const Slice& slice) {
  static const std::string kSql = std::string(kView) + R"(
    from user_challenges a join challenges c on c.id = a.challenge_id
    where a.user_id = $2 and ($3::text is null or a.status = $3)
      and ($4::bigint is null or a.id < $4)
    order by a.id desc limit $5)";
  return db.query(kSql, language, user_id, status, slice.after_id, slice.limit + 1).as<Attempt>();
}

std::optional<Attempt> find_attempt(Database& db, std::string_view language, std::int32_t id) {
  static const std::string kSql =
      std::string(kView) +
      " from user_challenges a join challenges c on c.id = a.challenge_id where a.id = $2";
  return db.query(kSql, language, id).first<Attempt>();
}

std::optional<Ending> ending_of(Database& db, std::string_view user_id, std::int32_t id) {
  return db
      .query("select status, reason from user_challenges where id = $1 and user_id = $2", id,
             user_id)
      .first<Ending>();
}

std::optional<OpenAttempt> begin_attempt(Transaction& tx, std::string_view user_id,
                                         std::int32_t challenge_id,
                                         const std::vector<std::string>& types,
                                         const std::vector<std::int64_t>& expiries_s) {
  static const std::string kSql = R"(
    with a as (
      insert into user_challenges (user_id, challenge_id, expires_at)
      select $1, c.id, now() + make_interval(
               secs => nullif(coalesce(nullif(c.expires_after_s, 0), known.expires_after_s), 0))
      from challenges c
      join unnest($3::text[], $4::bigint[]) as known (type, expires_after_s) using (type)
      where c.id = $2 and c.is_active
      on conflict (user_id, challenge_id) where status = 'pending' do nothing
      returning *))" + std::string(kOpen) +
                                  " from a join challenges c on c.id = a.challenge_id";
  return tx.query(kSql, user_id, challenge_id, types, expiries_s).first<OpenAttempt>();
}

std::optional<OpenAttempt> lock_attempt(Transaction& tx, std::string_view user_id,
                                        std::int32_t id) {
  static const std::string kSql = std::string(kOpen) + R"(
    from user_challenges a join challenges c on c.id = a.challenge_id
    where a.id = $1 and a.user_id = $2 and a.status = 'pending' for update of a)";
  return tx.query(kSql, id, user_id).first<OpenAttempt>();
}

std::optional<std::int32_t> find_expired(Database& db, std::string_view user_id,
                                         std::int32_t challenge_id) {
  const Rows rows = db.query(
      "select id from user_challenges where user_id = $1 and challenge_id = $2 "
      "and status = 'pending' and expires_at <= now()",
      user_id, challenge_id);
  if (rows.empty()) return std::nullopt;
  return rows[0].get<std::int32_t>("id");
}

std::vector<std::int32_t> list_expired(Database& db, std::int64_t limit) {
  const Rows rows = db.query(
      "select id from user_challenges where status = 'pending' and expires_at <= now() "
      "order by expires_at limit $1",
      limit);
  std::vector<std::int32_t> ids;
  for (const Row row : rows) ids.push_back(row.get<std::int32_t>("id"));
  return ids;
}

std::optional<OpenAttempt> lock_expired(Database& db, std::int32_t id) {
  static const std::string kSql = std::string(kOpen) + R"(
    from user_challenges a join challenges c on c.id = a.challenge_id
    where a.id = $1 and a.status = 'pending' and a.expires_at <= now()
    for update of a skip locked)";
  return db.query(kSql, id).first<OpenAttempt>();
}

Attempt keep_state(Database& service, std::string_view language, const OpenAttempt& attempt,
                   const KeptState& state) {
  static const std::string kSql = update_of("state = $3::jsonb");
  if (state) return only(service.query(kSql, language, attempt.id, state));
  return or_fail(find_attempt(service, language, attempt.id), not_found("attempt"));
}

Attempt note_progress(Database& service, std::string_view language, const OpenAttempt& attempt,
                      const KeptState& state) {
  static const std::string kSql = update_of(
      "state = coalesce($3::jsonb, state), last_progress_at = $4, "
      "progress_count = progress_count + 1");
  return only(service.query(kSql, language, attempt.id, state, attempt.now));
}

Attempt mark_completed(Database& service, std::string_view language, const OpenAttempt& attempt,
                       const KeptState& state, std::int32_t reward) {
  static const std::string kSql = update_of(
      "state = coalesce($3::jsonb, state), status = 'completed', "
      "completed_at = greatest($4, started_at), reward = $5");
  return only(service.query(kSql, language, attempt.id, state, attempt.now, reward));
}

Attempt mark_for_review(Database& service, std::string_view language, const OpenAttempt& attempt,
                        const KeptState& state, std::string_view reason) {
  static const std::string kSql =
      update_of("state = coalesce($3::jsonb, state), status = 'review', reason = $4");
  return only(service.query(kSql, language, attempt.id, state, reason));
}

void mark_failed(Database& service, const OpenAttempt& attempt, std::string_view reason) {
  service.execute(
      "update user_challenges set status = 'failed', reason = $2 "
      "where id = $1 and status = 'pending'",
      attempt.id, reason);
}

}  // namespace calixo::challenges
