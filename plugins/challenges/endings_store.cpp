#include "endings_store.hpp"

#include "attempt_views.hpp"

namespace calixo::challenges {
namespace {

// `person`: counts the day of each of `open` (user_id, moment, zone, per_day_max), in the order of
// people, so that two never wait for each other; not where it holds per_day_max completions (null:
// no matter how many). Then it has a row, with the streak.
constexpr std::string_view kCountDays = R"(,
  person as (
    insert into streaks as s (user_id, current_days, best_days, last_date, last_zone,
                              completions_count, completions_until)
    select user_id, 1, 1, (moment at time zone zone)::date, zone, 1,
           challenges_day_ends_at(moment, zone)
    from open order by user_id
    on conflict (user_id) do update set
      (current_days, best_days, last_date, last_zone, completions_count, completions_until) = (
        select days_after, best_after, date_after, zone_after,
               case when s.completions_until > moment then s.completions_count + 1 else 1 end,
               case when s.completions_until > moment then s.completions_until
                    else challenges_day_ends_at(moment, zone) end
        from open, challenges_streak_after(s.current_days, s.best_days, s.last_date, s.last_zone,
                                           moment, zone)
        where open.user_id = s.user_id)
    where exists (select from open
                  where open.user_id = s.user_id
                    and (per_day_max is null or s.completions_until is null
                         or s.completions_until <= moment or s.completions_count < per_day_max))
    returning s.user_id, s.current_days),)";

// What completing attempt `a` writes, as `open` says.
constexpr std::string_view kCompleted = R"(
        status = 'completed', completed_at = greatest(open.moment, a.started_at),
        reward = open.reward, is_paid = open.is_paid)";

std::string judged_view() {
  return "select a.id, a.user_id, a.challenge_id, a.status, a.reason, a.started_at, a.claimed_at, "
         "a.completed_at, a.reward, a.taken_back, a.progress_count, a.state, a.resolved_by, "
         "a.resolved_at," +
         challenge_json() + " from user_challenges a join challenges c on c.id = a.challenge_id ";
}

}  // namespace

std::vector<Attempt> mark_completed(Database& service, const std::vector<const Completion*>& all,
                                    std::int64_t per_day_max) {
  static const std::string kSql = R"(
    with open as (
      select given.*, $10::bigint as per_day_max
      from unnest($1::integer[], $2::uuid[], $3::timestamptz[], $4::text[], $5::integer[],
                  $6::boolean[], $7::jsonb[], $8::text[], $9::text[])
        as given (id, user_id, moment, zone, reward, is_paid, state, version, language)
      join user_challenges a on a.id = given.id
      where a.status = 'pending' and (given.version is null or given.version = a.xmin::text)
      order by a.id for update of a))" +
                                  std::string(kCountDays) + R"(
    ended as (
      update user_challenges a set )" +
                                  std::string(kCompleted) + R"(,
        state = coalesce(open.state, a.state)
      from open join person using (user_id) where a.id = open.id
      returning a.*, person.current_days, open.language))" +
                                  attempt_view("a.language") + R"(, a.current_days as streak_days
    from ended a join challenges c on c.id = a.challenge_id)";
  std::vector<std::int32_t> ids, rewards;
  std::vector<std::string_view> people, zones, languages;
  std::vector<Timestamp> times;
  std::vector<bool> payments;
  std::vector<std::optional<std::string>> states, versions;
  for (const Completion* one : all) {
    ids.push_back(one->attempt.id);
    people.push_back(one->attempt.user_id);
    times.push_back(one->attempt.now);
    zones.push_back(one->attempt.time_zone);
    rewards.push_back(one->earned.reward);
    payments.push_back(one->earned.is_paid);
    states.push_back(one->state);
    versions.push_back(one->version);
    languages.push_back(one->language);
  }
  return service
      .query(kSql, ids, people, times, zones, rewards, payments, states, versions, languages,
             per_day_max)
      .as<Attempt>();
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
  static const std::string kSql = R"(
    with open as (
      select $1::integer as id, $2::uuid as user_id, $3::timestamptz as moment, $4::text as zone,
             $5::integer as reward, $6::boolean as is_paid, null::bigint as per_day_max))" +
                                  std::string(kCountDays) + R"(
    ended as (
      update user_challenges a set )" +
                                  std::string(kCompleted) + R"(,
        reason = $7, resolved_by = $8, resolved_at = now()
      from open join person using (user_id) where a.id = open.id and a.status = 'review'
      returning person.current_days)
    select current_days from ended)";
  return service
      .query(kSql, attempt.id, attempt.user_id, attempt.claimed_at.value_or(attempt.now),
             attempt.time_zone, earned.reward, earned.is_paid, resolution.reason, resolution.by)[0]
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
