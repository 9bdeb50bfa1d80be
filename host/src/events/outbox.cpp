#include "events/outbox.hpp"

#include <array>
#include <stdexcept>

#include "db/array_text.hpp"
#include "events/sql_text.hpp"

namespace calixo::host {
namespace {

using Parameter = std::optional<std::string_view>;

// Ids of one key are given in the order of the commits: who publishes next waits here. The first
// number keeps these locks apart from all others; one order for all, so that two never wait for
// each other.
constexpr std::string_view kLockKeys =
    "select pg_advisory_xact_lock(1129071704, lock) from ("
    " select distinct hashtext(topic || chr(10) || key) as lock"
    " from unnest($1::text[], $2::text[]) as given (topic, key) order by lock) ordered";

constexpr std::string_view kPublish =
    "with event as ("
    " insert into outbox_events (topic, key, payload, publisher)"
    " select topic, key, payload::json, publisher"
    " from unnest($1::text[], $2::text[], $3::text[], $4::text[]) with ordinality"
    "  as given (topic, key, payload, publisher, position)"
    " order by position returning id, topic, key)"
    " insert into outbox_deliveries (event_id, subscriber, key)"
    " select event.id, s.name, event.key from event join outbox_subscribers s using (topic)"
    " order by event.id";

constexpr std::string_view kEnqueue =
    "insert into jobs (name, unique_key, payload, run_at, due_at)"
    " select $1, nullif($2, ''), $3::json, at, at"
    " from (select coalesce('epoch'::timestamptz + nullif($4::bigint, 0) * interval '1 "
    "microsecond',"
    "                       now()) as at) due"
    " on conflict (name, unique_key) where state = 'pending' do nothing";

constexpr std::string_view kSubscribers =
    "insert into outbox_subscribers (name, topic)"
    " select * from unnest($1::text[], $2::text[])"
    " on conflict (name) do update set topic = excluded.topic, seen_at = now()";

// A shorter interval than before holds at once.
constexpr std::string_view kSchedules =
    "insert into job_schedules (name, every_ms, next_at)"
    " select name, every_ms, date_trunc('milliseconds', now())"
    " from unnest($1::text[], $2::bigint[]) as given (name, every_ms)"
    " on conflict (name) do update set every_ms = excluded.every_ms,"
    "  next_at = least(job_schedules.next_at,"
    "                  now() + excluded.every_ms * interval '1 millisecond')";

DbStatus run_in(Transaction& transaction, std::span<const Statement> statements,
                std::vector<ResultSet>& results, ResultSet& failure) {
  const DbStatus status = transaction.run(work_context(), statements, results);
  if (status != DbStatus::sql_error) return status;
  for (ResultSet& result : results) {
    if (result.failed()) {
      failure = std::move(result);
      break;
    }
  }
  return status;
}

struct Columns {
  std::vector<std::string> names, topics, every;

  explicit Columns(const std::vector<WorkKind>& kinds) {
    for (const WorkKind& kind : kinds) {
      names.push_back(kind.name);
      topics.push_back(kind.topic);
      every.push_back(std::to_string(kind.every.count()));
    }
  }
};

void run_or_throw(Database& database, std::string_view sql, const std::vector<std::string>& texts) {
  const std::vector<Parameter> parameters(texts.begin(), texts.end());
  const Statement statement{sql, parameters};
  std::vector<ResultSet> results;
  const DbStatus status = database.run(work_context(), {&statement, 1}, results);
  if (status == DbStatus::ok) return;
  std::string reason = "the database is away";
  if (!results.empty() && results[0].failed()) reason = results[0].error_message();
  throw std::runtime_error("events and jobs can't be registered: " + reason +
                           "; mend the database, then start again");
}

}  // namespace

Outbox::Outbox(Database& database, const WorkOptions& options)
    : database_(database), options_(options) {}

DbStatus Outbox::publish(Transaction& transaction, const EventDraft& event) {
  const std::array<Parameter, 2> lock{event.topic, event.key};
  const std::array<Parameter, 4> values{event.topic, event.key, event.payload, event.publisher};
  const StatementContext context = work_context();
  const bool has_room =
      (event.key.empty() || transaction.run_row_later(context, {kLockKeys, lock})) &&
      transaction.run_row_later(context, {kPublish, values});
  return has_room ? DbStatus::ok : DbStatus::overloaded;
}

DbStatus Outbox::enqueue(Transaction& transaction, const RunDraft& run, bool& is_new,
                         ResultSet& failure) {
  const std::string run_at_us = std::to_string(run.run_at_us);
  const std::array<Parameter, 4> values{run.job, run.unique_key, run.payload, run_at_us};
  const Statement statement{kEnqueue, values};
  std::vector<ResultSet> results;
  const DbStatus status = run_in(transaction, {&statement, 1}, results, failure);
  is_new = status == DbStatus::ok && results.front().affected_rows() == 1;
  return status;
}

void Outbox::introduce(const std::vector<WorkKind>& subscribers,
                       const std::vector<WorkKind>& jobs) {
  if (!subscribers.empty()) {
    const Columns columns(subscribers);
    run_or_throw(database_, kSubscribers, {array_of(columns.names), array_of(columns.topics)});
  }
  std::vector<WorkKind> recurring;
  for (const WorkKind& job : jobs) {
    if (job.every.count() > 0) recurring.push_back(job);
  }
  if (recurring.empty()) return;
  const Columns columns(recurring);
  run_or_throw(database_, kSchedules, {array_of(columns.names), array_of(columns.every)});
}

}  // namespace calixo::host
