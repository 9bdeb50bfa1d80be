// PostgreSQL for the fibers of all loops: pipelined connections a loop, statements under a role and
// the caller's claims, transactions on leased connections. One object for the process.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/deadline.hpp"
#include "runtime/event_loop.hpp"

struct pg_result;

namespace calixo::host {

struct DatabaseOptions {
  std::string url;                            // libpq connection string; a secret
  std::size_t pipelines_per_loop = 2;         // shared connections for single statements
  std::size_t transactions_per_loop_max = 4;  // leased connections
  std::size_t pipeline_depth_max = 256;       // unanswered runs on one connection
  std::size_t wait_queue_length_max = 1024;   // runs and leases that wait for room, a loop
  std::size_t prepared_statements_max = 256;  // a connection, least recently used goes
  std::chrono::milliseconds statement_deadline{10'000};
  std::chrono::milliseconds reconnect_backoff_max{2'000};
};

// Under whose role and with which claims a statement runs.
struct StatementContext {
  std::string_view role;         // database role; empty: the connection's own
  std::string_view claims_json;  // request.jwt.claims
  // The claims' sub, request.jwt.claim.sub: auth.uid() then parses no JSON (8 µs a statement).
  // Empty: auth.uid() looks into the claims.
  std::string_view user_id = {};
  // The claims' role, request.jwt.claim.role, for auth.role() in the same way; a completion, which
  // asks for it 40 times, takes a twelfth less of PostgreSQL's time.
  std::string_view claims_role = {};

  bool operator==(const StatementContext&) const = default;
};

inline constexpr std::string_view kServiceClaims = R"({"role":"service_role"})";

// The server's own statements under that role. [any-thread]
constexpr StatementContext service_context(std::string_view role) {
  return {role, kServiceClaims, {}, "service_role"};
}

// A view of SQL text and text-format parameters; nullopt is NULL. Copied before run suspends.
struct Statement {
  std::string_view sql;
  std::span<const std::optional<std::string_view>> parameters;
};

// The answer to one statement. Movable; frees the PGresult.
class ResultSet {
 public:
  ResultSet() = default;
  explicit ResultSet(pg_result* result) : result_(result) {}
  ResultSet(ResultSet&& other) noexcept;
  ResultSet& operator=(ResultSet&& other) noexcept;
  ~ResultSet();

  bool empty() const { return row_count() == 0; }
  std::size_t row_count() const;
  std::size_t column_count() const;
  std::string_view column_name(std::size_t column) const;
  std::optional<std::string_view> value(std::size_t row, std::size_t column) const;
  std::int64_t affected_rows() const;

  bool failed() const;
  std::string_view sqlstate() const;
  std::string_view error_message() const;
  std::string_view constraint() const;
  std::string_view detail() const;

 private:
  pg_result* result_ = nullptr;
};

enum class DbStatus {
  ok,
  sql_error,    // the database refused a statement; the failed ResultSet says why
  unavailable,  // no connection, or it was lost before the answer
  timed_out,
  cancelled,
  overloaded,  // a queue is full
};

enum class Isolation { read_committed, repeatable_read, serializable };

struct TransactionOptions {
  Isolation isolation = Isolation::read_committed;
  bool read_only = false;
};

// A transaction on a leased connection. Ends with commit or rollback; the destructor rolls back.
// One fiber (or worker thread) uses it.
class Transaction {
 public:
  virtual ~Transaction() = default;
  // [fiber, suspends]
  virtual DbStatus run(const StatementContext& context, std::span<const Statement> statements,
                       std::vector<ResultSet>& results) = 0;
  // Keeps statements, copied, that run before the next run or the commit, in the same flush; what
  // the database refuses of them is the failure of that. False where too many wait. [fiber]
  virtual bool run_later(const StatementContext& context,
                         std::span<const Statement> statements) = 0;
  // Keeps a row of a statement in the same way. Rows of one statement that are given with no other
  // statement in between run at once: its parameter i is the array of their values i. False where
  // too many wait. [fiber]
  virtual bool run_row_later(const StatementContext& context, const Statement& row) = 0;
  // Commits; sql_error with `failure` set where the database refused. [fiber, suspends]
  virtual DbStatus commit(ResultSet& failure) = 0;
  virtual void rollback() = 0;
};

class Database {
 public:
  // Connects in the background; loops must outlive it.
  Database(DatabaseOptions options, std::vector<EventLoop*> loops);
  ~Database();

  // Runs the statements in one implicit transaction and one flush: all take effect or none. One
  // result a statement after ok and sql_error. From a worker thread the statement travels on the
  // connections of one of the loops. Inside of an AmbientTransaction's Scope: in that one.
  // [fiber, suspends]
  DbStatus run(const StatementContext& context, std::span<const Statement> statements,
               std::vector<ResultSet>& results);

  // The begin travels with the first statements. Inside of an AmbientTransaction's Scope: a part of
  // that one. [fiber, suspends]
  DbStatus begin(const TransactionOptions& options, std::unique_ptr<Transaction>& transaction);

  // Whether every loop has a connection. [any-thread]
  bool is_available() const;
  std::chrono::milliseconds retry_after() const;  // until the next connection attempt. [any-thread]

  struct Stats {
    std::uint64_t connections = 0;
    std::uint64_t statements = 0;
    std::uint64_t statement_errors = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t waiting = 0;
    std::uint64_t transactions = 0;
    std::uint64_t reconnects = 0;
  };
  Stats stats() const;  // [any-thread]

  // Ends idle connections and refuses new work; what runs ends.
  void drain();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calixo::host
