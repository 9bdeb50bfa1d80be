#include "db/connection.hpp"

#include <libpq-fe.h>
#include <sys/epoll.h>

#include <utility>

#include "log/log.hpp"

namespace calixo::host {
namespace {

// Answers no rows and no columns: the settings change as the condition is evaluated, in order. The
// names are qualified: no search_path may lead the login's own statement to a plugin's function.
constexpr const char* kContextSql =
    "select where pg_catalog.set_config('role', $1, true) is null"
    " or pg_catalog.set_config('request.jwt.claims', $2, true) is null"
    " or pg_catalog.set_config('request.jwt.claim.sub', $3, true) is null"
    " or pg_catalog.set_config('request.jwt.claim.role', $4, true) is null";
constexpr const char* kHomecomingSql = "set local role none";

void note(void*, const PGresult* result) {
  const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (text != nullptr) log::debug("database notice", {{"message", text}});
}

// The url's own `options` and ours: PostgreSQL takes the later of two settings.
std::string session_options(const DatabaseOptions& options) {
  std::string all;
  if (PQconninfoOption* parsed = PQconninfoParse(options.url.c_str(), nullptr)) {
    for (PQconninfoOption* option = parsed; option->keyword != nullptr; ++option) {
      if (std::string_view(option->keyword) == "options" && option->val != nullptr) {
        all = std::string(option->val) + " ";
      }
    }
    PQconninfoFree(parsed);
  }
  const std::string deadline_ms = std::to_string(options.statement_deadline.count());
  // Locks of a node that has lost its network are free again within a minute.
  return all + "-c statement_timeout=" + deadline_ms +
         " -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3";
}

}  // namespace

DatabaseConnection::DatabaseConnection(EventLoop& loop, const DatabaseOptions& options,
                                       bool is_shared, DatabaseCounters& counters, Owner& owner)
    : loop_(loop),
      options_(options),
      is_shared_(is_shared),
      owner_(owner),
      cache_(options.prepared_statements_max),
      counters_(counters) {}

DatabaseConnection::~DatabaseConnection() { close(); }

void DatabaseConnection::connect() {
  close();
  const std::string session = session_options(options_);
  const char* const keywords[] = {"dbname", "client_encoding", "fallback_application_name",
                                  "options", nullptr};
  const char* const values[] = {options_.url.c_str(), "UTF8", "calixo", session.c_str(), nullptr};
  connection_ = PQconnectStartParams(keywords, values, 1);
  state_ = State::connecting;
  if (connection_ == nullptr || PQstatus(connection_) == CONNECTION_BAD) return lose(last_error());
  PQsetNoticeReceiver(connection_, &note, nullptr);
  watch(EPOLLOUT);
}

void DatabaseConnection::close() {
  stop_watching();
  if (state_ == State::ready) counters_.connections.add(-1);
  state_ = State::closed;
  if (connection_ != nullptr) PQfinish(std::exchange(connection_, nullptr));
  cache_.clear();
  answer_all_unavailable();
}

void DatabaseConnection::lose(std::string_view reason) {
  const std::string kept(reason);  // libpq's own text goes with the connection
  close();
  owner_.on_lost(*this, kept);
}

std::string DatabaseConnection::last_error() const {
  std::string text = connection_ == nullptr ? "out of memory" : PQerrorMessage(connection_);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

void DatabaseConnection::answer_all_unavailable() {
  while (!segments_.empty()) {
    const std::unique_ptr<Segment> segment = pop();
    if (segment->run != nullptr) segment->run->finish(DbStatus::unavailable);
  }
}

// libpq may go from one socket to another between two steps (several addresses).
void DatabaseConnection::watch(std::uint32_t events) {
  const int descriptor = PQsocket(connection_);
  if (descriptor != descriptor_) {
    stop_watching();
    loop_.watch(descriptor, events, this);
  } else if (events != watched_events_) {
    loop_.rewatch(descriptor, events, this);
  }
  descriptor_ = descriptor;
  watched_events_ = events;
}

void DatabaseConnection::stop_watching() {
  if (descriptor_ >= 0) loop_.unwatch(descriptor_, this);
  descriptor_ = -1;
  watched_events_ = 0;
}

void DatabaseConnection::on_ready(std::uint32_t events) {
  if (state_ == State::connecting) return advance_connecting();
  if ((events & EPOLLOUT) != 0) flush();
  if (state_ != State::ready) return;
  if (PQconsumeInput(connection_) == 0) return lose(last_error());
  read_results();
}

void DatabaseConnection::advance_connecting() {
  // PQconnectPoll may close the socket that is watched and open another of the same number.
  stop_watching();
  switch (PQconnectPoll(connection_)) {
    case PGRES_POLLING_READING:
      return watch(EPOLLIN);
    case PGRES_POLLING_WRITING:
      return watch(EPOLLOUT);
    case PGRES_POLLING_OK:
      if (!set_up()) return lose(last_error());
      state_ = State::ready;
      counters_.connections.add();
      watch(EPOLLIN);
      flush();
      if (state_ == State::ready) owner_.on_connected(*this);
      return;
    default:
      return lose(last_error());
  }
}

bool DatabaseConnection::set_up() {
  if (PQsetnonblocking(connection_, 1) != 0 || PQenterPipelineMode(connection_) != 1) return false;
  if (PQsendPrepare(connection_, "context", kContextSql, 2, nullptr) != 1) return false;
  if (PQsendPrepare(connection_, "homecoming", kHomecomingSql, 0, nullptr) != 1) return false;
  auto segment = take_segment();
  segment->steps.assign(2, {Segment::Kind::housekeeping, 0});
  push(std::move(segment));
  return PQpipelineSync(connection_) == 1;
}

void DatabaseConnection::flush() {
  const int left = PQflush(connection_);
  if (left < 0) return lose(last_error());
  watch(left == 0 ? EPOLLIN : EPOLLIN | EPOLLOUT);
}

std::unique_ptr<Segment> DatabaseConnection::take_segment() {
  if (spare_segments_.empty()) return std::make_unique<Segment>();
  std::unique_ptr<Segment> segment = std::move(spare_segments_.back());
  spare_segments_.pop_back();
  segment->run = nullptr;
  segment->steps.clear();
  segment->position = 0;
  segment->has_failed = segment->is_timeout = segment->is_stale_plan = false;
  return segment;
}

void DatabaseConnection::push(std::unique_ptr<Segment> segment) {
  segments_.push_back(std::move(segment));
  counters_.in_flight.add();
}

std::unique_ptr<Segment> DatabaseConnection::pop() {
  std::unique_ptr<Segment> segment = std::move(segments_.front());
  segments_.pop_front();
  counters_.in_flight.add(-1);
  return segment;
}

pg_cancel* DatabaseConnection::make_cancel() const {
  return connection_ == nullptr ? nullptr : PQgetCancel(connection_);
}

}  // namespace calixo::host
