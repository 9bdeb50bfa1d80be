#include "attempts_store.hpp"

#include "attempt_views.hpp"

namespace calixo::challenges {
namespace {

// An update of the locked attempt $2 that answers the client's view.
std::string update_of(std::string_view assignments) {
  return "with a as (update user_challenges set " + std::string(assignments) +
         " where id = $2 and status = 'pending' returning *)" + attempt_view() +
         " from a join challenges c on c.id = a.challenge_id";
}

// The condition where it is asked for; else its parameter alone, typed. One SQL for all filters
// would have a kept plan that is good for none, and be planned anew by each call.
std::string if_asked(bool is_asked, std::string_view condition, std::string_view parameter) {
  if (is_asked) return " and " + std::string(condition);
  return " and (" + std::string(parameter) + " is null or true)";
}

// A page, in the order of an index that begins with the person, or with person and status.
std::string list_sql(const AttemptFilter& filter, const Slice& slice) {
  return attempt_view() + " from (select * from user_challenges a where a.user_id = $2::uuid" +
         if_asked(filter.status.has_value(), "a.status = $3", "$3::text") +
         if_asked(filter.type.has_value(),
                  "exists (select from challenges c where c.id = a.challenge_id and c.type = $4)",
                  "$4::text") +
         if_asked(filter.from.has_value(),
                  "a.started_at >= $5::date::timestamp"
                  " at time zone (select person_time_zone($2::uuid))",
                  "$5::date") +
         if_asked(filter.to.has_value(),
                  "a.started_at < challenges_date_ends_at($6::date,"
                  " (select person_time_zone($2::uuid)))",
                  "$6::date") +
         if_asked(slice.after_id.has_value(), "a.id < $7::bigint", "$7::bigint") +
         " order by a.id desc limit $8) a join challenges c on c.id = a.challenge_id"
         " order by a.id desc";
}

Attempt only(const Rows& rows) {
  if (rows.empty()) throw std::logic_error("a locked attempt is not there");
  return rows[0].as<Attempt>();
}

}  // namespace

std::vector<Attempt> list_attempts(Database& db, std::string_view language,
                                   std::string_view user_id, const AttemptFilter& filter,
                                   const Slice& slice) {
  return db
      .query(list_sql(filter, slice), language, user_id, filter.status, filter.type, filter.from,
             filter.to, slice.after_id, slice.limit + 1)
      .as<Attempt>();
}

std::optional<Attempt> find_attempt(Database& db, std::string_view language, std::int32_t id) {
  static const std::string kSql =
      attempt_view() +
      " from user_challenges a join challenges c on c.id = a.challenge_id where a.id = $2";
  return db.query(kSql, language, id).first<Attempt>();
}

std::optional<Ending> ending_of(Database& db, std::string_view user_id, std::int32_t id) {
  return db
      .query("select status, reason from user_challenges where id = $1 and user_id = $2", id,
             user_id)
      .first<Ending>();
}

std::optional<OpenAttempt> lock_attempt(Transaction& tx, std::string_view user_id,
                                        std::int32_t id) {
  static const std::string kSql = std::string(kOpenView) + R"(
    from user_challenges a join challenges c on c.id = a.challenge_id
    where a.id = $1 and a.user_id = $2 and a.status = 'pending' for update of a)";
  return tx.query(kSql, id, user_id).first<OpenAttempt>();
}

std::optional<ShownAttempt> find_open(Database& db, std::string_view user_id, std::int32_t id) {
  static const std::string kSql = std::string(kOpenView) + R"(, a.xmin::text as version
    from user_challenges a join challenges c on c.id = a.challenge_id
    where a.id = $1 and a.user_id = $2 and a.status = 'pending')";
  const Rows rows = db.query(kSql, id, user_id);
  if (rows.empty()) return std::nullopt;
  return ShownAttempt{rows[0].as<OpenAttempt>(), rows[0].get<std::string>("version")};
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
  static const std::string kSql = std::string(kOpenView) + R"(
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

Attempt mark_failed(Database& db, std::string_view language, const OpenAttempt& attempt,
                    std::string_view reason) {
  static const std::string kSql = update_of("status = 'failed', reason = $3");
  return only(db.query(kSql, language, attempt.id, reason));
}

}  // namespace calixo::challenges
