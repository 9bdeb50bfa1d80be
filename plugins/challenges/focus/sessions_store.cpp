#include "focus/sessions_store.hpp"

namespace calixo::challenges {
namespace {

constexpr std::string_view kView =
    "id, state, user_challenge_id, planned_minutes, started_at, last_heartbeat_at, ended_at, "
    "duration, interruptions, credited_seconds, reward, is_offline, client_id";

// The clock is read, not the transaction's beginning: it may have waited for the row.
constexpr std::string_view kRunning =
    "select id, user_id, user_challenge_id, started_at, last_heartbeat_at, missed_us, "
    "interruptions, clock_timestamp() as now from focus_sessions where state = 'running'";

std::string select(std::string_view rest) {
  return "select " + std::string(kView) + " from focus_sessions " + std::string(rest);
}

std::string returning(std::string_view statement) {
  return std::string(statement) + " returning " + std::string(kView);
}

FocusSession only(const Rows& rows) {
  if (rows.empty()) throw std::logic_error("a locked focus session is not there");
  return rows[0].as<FocusSession>();
}

}  // namespace

std::optional<FocusSession> find_focus(Database& db, std::string_view user_id, std::int32_t id) {
  static const std::string kSql = select("where user_id = $1 and id = $2");
  return db.query(kSql, user_id, id).first<FocusSession>();
}

std::optional<FocusSession> find_running_focus(Database& db, std::string_view user_id) {
  static const std::string kSql = select("where user_id = $1 and state = 'running'");
  return db.query(kSql, user_id).first<FocusSession>();
}

std::optional<FocusSession> find_focus_of_client(Database& db, std::string_view user_id,
                                                 const Uuid& client_id) {
  static const std::string kSql = select("where user_id = $1 and client_id = $2");
  return db.query(kSql, user_id, client_id).first<FocusSession>();
}

std::vector<FocusSession> list_focus(Database& db, std::string_view user_id,
                                     const FocusFilter& filter, const Slice& slice) {
  static const std::string kSql = select(R"(
    where user_id = $1 and ($2::text is null or state = $2)
      and ($3::boolean is null or is_offline = $3)
      and ($4::integer is null or user_challenge_id = $4)
      and ($5::timestamptz is null or started_at >= $5)
      and ($6::timestamptz is null or started_at < $6)
      and ($7::bigint is null or id < $7)
    order by id desc limit $8)");
  return db
      .query(kSql, user_id, filter.state, filter.is_offline, filter.user_challenge_id, filter.from,
             filter.to, slice.after_id, slice.limit + 1)
      .as<FocusSession>();
}

std::optional<FocusAttempt> find_focus_attempt(Database& db, std::string_view user_id,
                                               std::int32_t attempt_id) {
  return db
      .query(R"(
        select a.status = 'pending' and coalesce(a.expires_at > now(), true) as is_open, c.type
        from user_challenges a join challenges c on c.id = a.challenge_id
        where a.user_id = $1 and a.id = $2)",
             user_id, attempt_id)
      .first<FocusAttempt>();
}

Timestamp clock_of(Database& service) {
  return service.query("select clock_timestamp() as now")[0].get<Timestamp>("now");
}

std::optional<FocusSession> begin_focus(Database& service, std::string_view user_id,
                                        std::optional<std::int32_t> attempt_id,
                                        std::int32_t planned_minutes) {
  // Both stamps are one reading of the clock. Whatever constraint is in the way: no row.
  static const std::string kSql = returning(R"(
    with clock as materialized (select clock_timestamp() as now)
    insert into focus_sessions
      (user_id, user_challenge_id, planned_minutes, started_at, last_heartbeat_at)
    select $1, $2, $3, now, now from clock
    on conflict do nothing)");
  return service.query(kSql, user_id, attempt_id, planned_minutes).first<FocusSession>();
}

std::optional<RunningFocus> lock_focus(Database& service, std::string_view user_id,
                                       std::int32_t id) {
  static const std::string kSql =
      std::string(kRunning) + " and user_id = $1 and id = $2 for update";
  return service.query(kSql, user_id, id).first<RunningFocus>();
}

std::optional<RunningFocus> lock_focus_unless_held(Database& service, std::int32_t id) {
  static const std::string kSql = std::string(kRunning) + " and id = $1 for update skip locked";
  return service.query(kSql, id).first<RunningFocus>();
}

std::vector<std::int32_t> list_focus_over(Database& service, const CreditRules& rules,
                                          std::int64_t limit) {
  const Rows rows = service.query(R"(
    select id from focus_sessions
    where state = 'running'
      and (last_heartbeat_at < now() - make_interval(secs => $1)
           or started_at <= now() - make_interval(secs => $2))
    order by last_heartbeat_at limit $3)",
                                  rules.silence_s_max, rules.session_s_max, limit);
  std::vector<std::int32_t> ids;
  for (const Row row : rows) ids.push_back(row.get<std::int32_t>("id"));
  return ids;
}

FocusSession note_heartbeat(Database& service, std::int32_t id, const Attendance& attendance,
                            std::int32_t interruptions) {
  static const std::string kSql = returning(R"(
    update focus_sessions
    set last_heartbeat_at = $2, missed_us = $3, duration = $4, interruptions = $5
    where id = $1 and state = 'running')");
  return only(service.query(kSql, id, attendance.last_heartbeat_at, attendance.missed_us,
                            attended_s(attendance), interruptions));
}

FocusSession end_focus(Database& service, std::int32_t id, const FocusEnd& end) {
  static const std::string kSql = returning(R"(
    update focus_sessions
    set state = $2, last_heartbeat_at = $3, ended_at = $3, missed_us = $4, duration = $5,
        interruptions = $6, credited_seconds = $7, reward = $8
    where id = $1 and (state = 'running' or is_offline))");
  return only(service.query(kSql, id, end.state, end.at, end.missed_us, end.duration,
                            end.interruptions, end.credited_seconds, end.reward));
}

std::optional<FocusSession> add_offline_focus(Database& service, std::string_view user_id,
                                              const OfflineFocus& told) {
  static const std::string kSql = returning(R"(
    insert into focus_sessions
      (user_id, state, is_offline, client_id, started_at, last_heartbeat_at, ended_at,
       interruptions, credited_seconds, reward)
    values ($1, 'finished', true, $2, $3, $4, $4, $5, 0, 0)
    on conflict do nothing)");
  return service
      .query(kSql, user_id, told.client_id, told.started_at, told.ended_at, told.interruptions)
      .first<FocusSession>();
}

}  // namespace calixo::challenges
