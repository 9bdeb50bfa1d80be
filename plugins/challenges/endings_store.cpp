#include "endings_store.hpp"

#include "attempt_views.hpp"

namespace calixo::challenges {
namespace {

// Counts a day of person $3 at time $4 in zone $5, unless the day holds $6 completions (null: no
// matter how many). Then it has a row, with the streak.
constexpr std::string_view kCountDay = R"(
  with person as (
    insert into streaks as s (user_id, current_days, best_days, last_date, last_zone,
                              completions_count, completions_until)
    values ($3::uuid, 1, 1, ($4::timestamptz at time zone $5)::date, $5, 1,
            challenges_day_ends_at($4::timestamptz, $5))
    on conflict (user_id) do update set
      (current_days, best_days, last_date, last_zone) = (
        select days_after, best_after, date_after, zone_after
        from challenges_streak_after(s.current_days, s.best_days, s.last_date, s.last_zone,
                                     $4::timestamptz, $5)),
      completions_count = case when s.completions_until > $4 then s.completions_count + 1 else 1 end,
      completions_until = case when s.completions_until > $4 then s.completions_until
                               else challenges_day_ends_at($4::timestamptz, $5) end
    where $6::bigint is null or s.completions_until is null or s.completions_until <= $4
      or s.completions_count < $6
    returning s.current_days))";

// What completing attempt $2 writes: $7 the reward, $8 whether it is paid.
constexpr std::string_view kCompleted =
    "status = 'completed', completed_at = greatest($4, started_at), reward = $7, is_paid = $8";

std::string judged_view() {
  return "select a.id, a.user_id, a.challenge_id, a.status, a.reason, a.started_at, a.claimed_at, "
         "a.completed_at, a.reward, a.taken_back, a.progress_count, a.state, a.resolved_by, "
         "a.resolved_at," +
         std::string(kChallengeJson) +
         " from user_challenges a join challenges c on c.id = a.challenge_id ";
}

}  // namespace

std::optional<Attempt> mark_completed(Database& service, std::string_view language,
                                      const OpenAttempt& attempt, const KeptState& state,
                                      const Earned& earned, std::int64_t per_day_max) {
  static const std::string kSql =
      std::string(kCountDay) + ", a as (update user_challenges set " + std::string(kCompleted) +
      ", state = coalesce($9::jsonb, state) from person"
      " where id = $2 and status = 'pending' returning user_challenges.*, person.current_days)" +
      attempt_view() +
      ", a.current_days as streak_days from a join challenges c on c.id = a.challenge_id";
  return service
      .query(kSql, language, attempt.id, attempt.user_id, attempt.now, attempt.time_zone,
             per_day_max, earned.reward, earned.is_paid, state)
      .first<Attempt>();
}

std::int64_t completions_in_s(Database& service, std::string_view user_id) {
  const Rows rows = service.query(
      "select greatest(1, ceil(extract(epoch from completions_until - now())))::bigint as seconds "
      "from streaks where user_id = $1",
      user_id);
  return rows.empty() ? 1 : rows[0].get<std::int64_t>("seconds");
}

Attempt mark_for_review(Database& service, std::string_view language, const OpenAttempt& attempt,
                        const KeptState& state, std::string_view reason) {
  static const std::string kSql =
      "with a as (update user_challenges set state = coalesce($3::jsonb, state), "
      "status = 'review', reason = $4, claimed_at = $5 "
      "where id = $2 and status = 'pending' returning *)" +
      attempt_view() + " from a join challenges c on c.id = a.challenge_id";
  return service.query(kSql, language, attempt.id, state, reason, attempt.now)[0].as<Attempt>();
}

std::vector<JudgedAttempt> list_judged(Database& db, std::string_view language,
                                       const JudgedFilter& filter, const Slice& slice) {
  // Two statements, each of which an index answers.
  static const std::string kInReview =
      judged_view() + "where a.status = 'review' and a.id > $2::bigint order by a.id limit $3";
  static const std::string kOfPerson =
      judged_view() +
      "where a.user_id = $4 and a.status = $5 and a.id > $2::bigint order by a.id limit $3";
  const std::int64_t after = slice.after_id.value_or(0);
  if (!filter.user_id)
    return db.query(kInReview, language, after, slice.limit + 1).as<JudgedAttempt>();
  return db.query(kOfPerson, language, after, slice.limit + 1, filter.user_id, filter.status)
      .as<JudgedAttempt>();
}

std::optional<JudgedAttempt> find_judged(Database& db, std::string_view language, std::int32_t id) {
  static const std::string kSql = judged_view() + "where a.id = $2";
  return db.query(kSql, language, id).first<JudgedAttempt>();
}

std::optional<Judgeable> lock_judgeable(Database& service, std::int32_t id, AttemptStatus status) {
  static const std::string kSql = std::string(kOpenView) + R"(, a.is_paid, a.reward as earned
    from user_challenges a join challenges c on c.id = a.challenge_id
    where a.id = $1 and a.status = $2 for update of a)";
  const Rows rows = service.query(kSql, id, status);
  if (rows.empty()) return std::nullopt;
  return Judgeable{rows[0].as<OpenAttempt>(), rows[0].get<bool>("is_paid"),
                   rows[0].get<std::optional<std::int32_t>>("earned").value_or(0)};
}

std::optional<AttemptStatus> status_of(Database& service, std::int32_t id) {
  const Rows rows = service.query("select status from user_challenges where id = $1", id);
  if (rows.empty()) return std::nullopt;
  return rows[0].get<AttemptStatus>("status");
}

std::int32_t mark_accepted(Database& service, const OpenAttempt& attempt, const Earned& earned,
                           const Resolution& resolution) {
  static const std::string kSql =
      std::string(kCountDay) + ", a as (update user_challenges set " + std::string(kCompleted) +
      ", reason = $1, resolved_by = $9, resolved_at = now() from person"
      " where id = $2 and status = 'review' returning person.current_days)"
      " select current_days from a";
  return service
      .query(kSql, resolution.reason, attempt.id, attempt.user_id,
             attempt.claimed_at.value_or(attempt.now), attempt.time_zone, std::nullopt,
             earned.reward, earned.is_paid, resolution.by)[0]
      .get<std::int32_t>("current_days");
}

void mark_rejected(Database& service, std::int32_t id, const Resolution& resolution) {
  service.execute(
      "update user_challenges set status = 'failed', reason = $2, resolved_by = $3, "
      "resolved_at = now() where id = $1 and status = 'review'",
      id, resolution.reason, resolution.by);
}

void mark_reversed(Database& service, std::int32_t id, std::int64_t taken_back,
                   const Resolution& resolution) {
  service.execute(
      "update user_challenges set status = 'reversed', taken_back = $2, reason = $3, "
      "resolved_by = $4, resolved_at = now() where id = $1 and status = 'completed'",
      id, taken_back, resolution.reason, resolution.by);
}

}  // namespace calixo::challenges
