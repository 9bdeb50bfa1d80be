// The receiving half of DatabaseConnection: answers come in the order of what was sent, one a step.
#include <libpq-fe.h>

#include <string_view>

#include "db/connection.hpp"
#include "log/log.hpp"

namespace calixo::host {
namespace {

std::string_view field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

// The server says farewell (shutdown, terminated): the connection ends, whatever else it said.
bool is_fatal(const PGresult* result) {
  const std::string_view severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC" || severity.empty();
}

// The table changed under a prepared statement, or somebody deallocated it.
bool is_stale_plan(const PGresult* result) {
  const std::string_view state = field(result, PG_DIAG_SQLSTATE);
  return state == "26000" ||
         (state == "0A000" && field(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery");
}

}  // namespace

void DatabaseConnection::read_results() {
  bool was_null = false;
  while (state_ == State::ready && !segments_.empty() && PQisBusy(connection_) == 0) {
    PGresult* result = PQgetResult(connection_);
    if (result == nullptr) {  // between two steps; twice in a row: nothing more is there
      if (was_null) break;
      was_null = true;
      continue;
    }
    was_null = false;
    take_result(result);
  }
  if (state_ == State::ready && PQstatus(connection_) == CONNECTION_BAD) lose(last_error());
}

void DatabaseConnection::take_result(pg_result* result) {
  Segment& segment = *segments_.front();
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_PIPELINE_SYNC) {
    PQclear(result);
    return end_segment();
  }
  const bool is_broken = segment.position >= segment.steps.size() || status == PGRES_COPY_IN ||
                         status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH ||
                         status == PGRES_BAD_RESPONSE ||
                         (status == PGRES_FATAL_ERROR && is_fatal(result));
  if (is_broken) {
    const ResultSet owned(result);
    const std::string_view said = owned.error_message();
    return lose(said.empty() ? last_error() : std::string(said));
  }
  take_step(segment, segment.steps[segment.position++], result);
}

void DatabaseConnection::take_step(Segment& segment, const Segment::Step& step, pg_result* result) {
  ResultSet owned(result);
  switch (PQresultStatus(result)) {
    case PGRES_PIPELINE_ABORTED:
      if (step.kind == Segment::Kind::parse) cache_.forget(step.prepared);
      return;
    case PGRES_FATAL_ERROR:
      take_failure(segment, step, result);
      break;
    default:
      if (step.kind == Segment::Kind::parse) cache_.confirm(step.prepared);
      if (step.kind != Segment::Kind::statement) return;
  }
  if (segment.run == nullptr || step.kind == Segment::Kind::housekeeping) return;
  std::vector<ResultSet>& results = *segment.run->results;
  if (step.index < results.size()) results[step.index] = std::move(owned);
}

void DatabaseConnection::take_failure(Segment& segment, const Segment::Step& step,
                                      pg_result* result) {
  counters_.statement_errors.add();
  segment.has_failed = true;
  segment.is_timeout = field(result, PG_DIAG_SQLSTATE) == "57014";
  if (step.kind == Segment::Kind::parse) return cache_.forget(step.prepared);
  if (step.kind != Segment::Kind::statement || step.prepared == 0 || !is_stale_plan(result)) return;
  segment.is_stale_plan = true;
  if (field(result, PG_DIAG_SQLSTATE) == "26000") {
    cache_.forget(step.prepared);
  } else {
    cache_.invalidate(step.prepared);
  }
}

void DatabaseConnection::end_segment() {
  std::unique_ptr<Segment> segment = pop();
  Run* run = segment->run;
  // libpq says ACTIVE while more answers are due, so this shows once the connection is idle;
  // statement_guard keeps such statements away in the first place.
  const PGTransactionStatusType state = PQtransactionStatus(connection_);
  if (is_shared_ && (state == PQTRANS_INTRANS || state == PQTRANS_INERROR)) {
    log::error("a statement left a transaction open on a shared connection; closing it");
    if (run != nullptr) run->finish(DbStatus::unavailable);
    return lose("a transaction was left open");
  }
  if (run != nullptr && segment->is_stale_plan && run->may_retry) {
    run->may_retry = false;
    spare_segments_.push_back(std::move(segment));
    for (ResultSet& result : *run->results) result = ResultSet();
    return submit(*run);
  }
  const bool has_failed = segment->has_failed;
  const bool is_timeout = segment->is_timeout;
  spare_segments_.push_back(std::move(segment));
  if (run != nullptr) {
    run->finish(!has_failed  ? DbStatus::ok
                : is_timeout ? DbStatus::timed_out
                             : DbStatus::sql_error);
  }
  owner_.on_answered(*this);
}

}  // namespace calixo::host
