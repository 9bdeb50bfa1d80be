#include "events/housekeeping.hpp"

#include <charconv>
#include <cstdlib>
#include <optional>

#include "db/array_text.hpp"
#include "events/sql_text.hpp"
#include "log/log.hpp"
#include "runtime/completion.hpp"

namespace calixo::host {
namespace {

constexpr std::chrono::milliseconds kKeepPeriod{5'000};
constexpr std::chrono::milliseconds kTellPause{5};  // announcements of that time travel together
constexpr std::size_t kRemovedAtOnce = 1'000;

constexpr std::string_view kTell =
    "select pg_notify('calixo_work', signal) from unnest($1::text[]) signal";

// The interval that begins now gets one run; intervals that nobody was there for get none.
constexpr std::string_view kEnqueueDue =
    "with due as ("
    " select name, every_ms, next_at,"
    "  floor(extract(epoch from now() - next_at) * 1000 / every_ms)::bigint as missed"
    " from job_schedules where name = any($1::text[]) and next_at <= now()"
    " for update skip locked),"
    " moved as ("
    " update job_schedules s"
    " set next_at = due.next_at + (due.missed + 1) * due.every_ms * interval '1 millisecond'"
    " from due where s.name = due.name"
    " returning due.name,"
    "  due.next_at + due.missed * due.every_ms * interval '1 millisecond' as run_at)"
    " insert into jobs (name, unique_key, payload, run_at, due_at)"
    " select name, 'every', '{}', run_at, now() from moved"
    " on conflict (name, unique_key) where state = 'pending' do nothing returning name";

constexpr std::string_view kSeen =
    "update outbox_subscribers set seen_at = now()"
    " where name = any($1::text[]) and seen_at < now() - interval '1 minute'";

// Subscribers of plugins that are gone: nobody will ever deliver to them.
constexpr std::string_view kForget =
    "with gone as ("
    " delete from outbox_subscribers where seen_at < now() - $1::bigint * interval '1 second'"
    " returning name)"
    " delete from outbox_deliveries d using gone where d.subscriber = gone.name";

constexpr std::string_view kRemoveDeliveries =
    "delete from outbox_deliveries where id in ("
    " select id from outbox_deliveries where state = 'done'"
    "  and finished_at < now() - $1::bigint * interval '1 second'"
    " limit $2::bigint for update skip locked)";
constexpr std::string_view kRemoveDeadDeliveries =
    "delete from outbox_deliveries where id in ("
    " select id from outbox_deliveries where state = 'dead'"
    "  and finished_at < now() - $1::bigint * interval '1 second'"
    " limit $2::bigint for update skip locked)";
constexpr std::string_view kRemoveEvents =
    "delete from outbox_events where id in ("
    " select id from outbox_events e where published_at < now() - $1::bigint * interval '1 second'"
    "  and not exists (select from outbox_deliveries d where d.event_id = e.id)"
    " limit $2::bigint for update skip locked)";
constexpr std::string_view kRemoveJobs =
    "delete from jobs where id in ("
    " select id from jobs where state = 'done'"
    "  and finished_at < now() - $1::bigint * interval '1 second'"
    " limit $2::bigint for update skip locked)";
constexpr std::string_view kRemoveDeadJobs =
    "delete from jobs where id in ("
    " select id from jobs where state = 'dead'"
    "  and finished_at < now() - $1::bigint * interval '1 second'"
    " limit $2::bigint for update skip locked)";

constexpr std::string_view kRemoveIdempotencyKeys =
    "delete from idempotency_keys where key_hash in ("
    " select key_hash from idempotency_keys"
    "  where expires_at < now() - $1::bigint * interval '1 second'"
    " limit $2::bigint for update skip locked)";

constexpr std::string_view kCount =
    "select name, count(*) filter (where state = 'pending'),"
    " count(*) filter (where state = 'dead'),"
    " coalesce(extract(epoch from now() - min(since) filter (where state = 'pending')), 0)"
    " from ("
    "  select subscriber as name, state, created_at as since from outbox_deliveries"
    "  where state in ('pending', 'dead')"
    "  union all"
    "  select name, state, run_at from jobs"
    "  where state = 'dead' or (state = 'pending' and run_at <= now())"
    " ) waiting group by name";

template <class Number>
Number number_at(const ResultSet& rows, std::size_t row, std::size_t column) {
  const std::string text(rows.value(row, column).value_or("0"));
  return static_cast<Number>(std::strtod(text.c_str(), nullptr));
}

}  // namespace

Housekeeping::Housekeeping(Database& database, const WorkOptions& options,
                           std::shared_ptr<WorkSignals> signals,
                           const std::vector<WorkKind>& subscribers,
                           const std::vector<WorkKind>& jobs)
    : database_(database), options_(options), signals_(std::move(signals)) {
  for (const WorkKind& subscriber : subscribers) subscriber_names_.push_back(subscriber.name);
  for (const WorkKind& job : jobs) {
    if (job.every.count() > 0) recurring_names_.push_back(job.name);
  }
}

void Housekeeping::start(EventLoop& loop) {
  loop.post([self = shared_from_this()] {
    EventLoop::current()->spawn([self] { self->tell_others(); });
  });
  if (!recurring_names_.empty()) repeat(loop, options_.poll_interval, &Housekeeping::enqueue_due);
  repeat(loop, kKeepPeriod, &Housekeeping::keep);
}

void Housekeeping::repeat(EventLoop& loop, std::chrono::milliseconds period,
                          void (Housekeeping::*step)()) {
  loop.post([self = shared_from_this(), period, step] {
    EventLoop::current()->spawn([self, period, step] {
      do {
        if (self->is_stopped_) return;
        ((*self).*step)();
      } while (sleep_for(period) == WaitStatus::ready);
    });
  });
}

DbStatus Housekeeping::run(std::string_view sql, const std::vector<std::string>& texts,
                           ResultSet& answer) {
  const std::vector<std::optional<std::string_view>> parameters(texts.begin(), texts.end());
  const Statement statement{sql, parameters};
  std::vector<ResultSet> results;
  const DbStatus status = database_.run(work_context(), {&statement, 1}, results);
  if (!results.empty()) answer = std::move(results.front());
  if (status == DbStatus::sql_error) {
    log::error("events: a statement was refused", {{"error", answer.error_message()}});
  }
  return status;
}

void Housekeeping::tell_others() {
  while (!is_stopped_) {
    if (signals_->outgoing().wait(Deadline::never()) == WaitStatus::cancelled) return;
    const std::vector<std::string> signals = signals_->take_outgoing();
    if (signals.empty()) continue;
    ResultSet answer;
    run(kTell, {array_of(signals)}, answer);  // where it fails, polls find the rows
    if (sleep_for(kTellPause) == WaitStatus::cancelled) return;
  }
}

void Housekeeping::enqueue_due() {
  ResultSet enqueued;
  if (run(kEnqueueDue, {array_of(recurring_names_)}, enqueued) != DbStatus::ok) return;
  for (std::size_t row = 0; row < enqueued.row_count(); ++row) {
    signals_->announce(std::string(enqueued.value(row, 0).value_or("")));
  }
}

void Housekeeping::keep() {
  ResultSet answer;
  if (!subscriber_names_.empty()) run(kSeen, {array_of(subscriber_names_)}, answer);
  const std::chrono::seconds absence = options_.subscriber_absence_max;
  run(kForget, {std::to_string(absence.count())}, answer);
  if (answer.affected_rows() > 0) {
    log::warn("deliveries to absent subscribers removed", {{"count", answer.affected_rows()}});
  }
  remove_all(kRemoveDeliveries, options_.finished_retention);
  remove_all(kRemoveDeadDeliveries, options_.dead_retention);
  remove_all(kRemoveEvents, options_.finished_retention);
  remove_all(kRemoveJobs, options_.finished_retention);
  remove_all(kRemoveDeadJobs, options_.dead_retention);
  remove_all(kRemoveIdempotencyKeys, std::chrono::seconds(0));
  count();
}

// In small bites, so that no statement takes long.
void Housekeeping::remove_all(std::string_view sql, std::chrono::seconds age) {
  ResultSet answer;
  do {
    const DbStatus status =
        run(sql, {std::to_string(age.count()), std::to_string(kRemovedAtOnce)}, answer);
    if (status != DbStatus::ok || is_stopped_) return;
  } while (answer.affected_rows() == static_cast<std::int64_t>(kRemovedAtOnce));
}

void Housekeeping::count() {
  ResultSet rows;
  if (run(kCount, {}, rows) != DbStatus::ok) return;
  std::map<std::string, Backlog> counted;
  for (std::size_t row = 0; row < rows.row_count(); ++row) {
    counted[std::string(rows.value(row, 0).value_or(""))] = {number_at<std::uint64_t>(rows, row, 1),
                                                             number_at<std::uint64_t>(rows, row, 2),
                                                             number_at<double>(rows, row, 3)};
  }
  const std::lock_guard lock(mutex_);
  backlogs_ = std::move(counted);
}

std::map<std::string, Backlog> Housekeeping::backlogs() const {
  const std::lock_guard lock(mutex_);
  return backlogs_;
}

}  // namespace calixo::host
