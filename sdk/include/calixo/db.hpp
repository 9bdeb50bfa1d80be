// Statements and transactions, under row level security.
// A Database is used by the request (or lifecycle step) it came from, by one fiber at a time.
#pragma once

#include <calixo/detail/abi.hpp>
#include <calixo/exception_state.hpp>
#include <calixo/rows.hpp>

#include <array>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace calixo {

// A statement or commit that failed. One that a handler lets pass becomes: 503 with Retry-After
// where the database is away or too busy, 504 where it took too long, else a logged 500.
class DbError : public std::exception {
 public:
  // Made by the SDK, and by tests.
  DbError(calixo_status status, std::string sqlstate, std::string message,
          std::string constraint = {}, std::string detail = {})
      : status_(status),
        sqlstate_(std::move(sqlstate)),
        message_(std::move(message)),
        constraint_(std::move(constraint)),
        detail_(std::move(detail)) {}

  // CALIXO_SQL_ERROR where the database answered; else why it could not be asked.
  calixo_status status() const { return status_; }
  const std::string& sqlstate() const { return sqlstate_; }      // empty: it could not be asked
  const std::string& constraint() const { return constraint_; }  // the violated one, or empty
  // What PostgreSQL adds, or empty; for the log.
  const std::string& detail() const { return detail_; }
  // 23505.
  bool is_unique_violation() const { return sqlstate_ == "23505"; }
  // 23503.
  bool is_foreign_key_violation() const { return sqlstate_ == "23503"; }
  // 23514.
  bool is_check_violation() const { return sqlstate_ == "23514"; }
  // 23502.
  bool is_not_null_violation() const { return sqlstate_ == "23502"; }
  // Serialization failure or deadlock: the same transaction may pass when run again.
  bool is_retryable() const { return sqlstate_ == "40001" || sqlstate_ == "40P01"; }
  // For the log, never for the client.
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  calixo_status status_;
  std::string sqlstate_, message_, constraint_, detail_;
};

namespace detail {

[[noreturn]] inline void throw_sql_error(const calixo_db_v1& db, const calixo_result* result) {
  calixo_sql_error error{};
  error.struct_size = sizeof error;
  db.error(result, &error);
  throw DbError(CALIXO_SQL_ERROR, std::string(view(error.sqlstate)),
                std::string(view(error.sqlstate)) + " " + std::string(view(error.message)),
                std::string(view(error.constraint)), std::string(view(error.detail)));
}

[[noreturn]] inline void throw_db_status(calixo_status status) {
  throw DbError(status, {}, "the database could not be asked, status " + std::to_string(status));
}

// Where statements go: through the pipeline, or into a transaction.
struct DbTarget {
  const Host* host = nullptr;
  calixo_exchange* exchange = nullptr;  // null outside of a request
  calixo_tx* tx = nullptr;
  std::uint32_t as = CALIXO_DB_AS_CALLER;
};

}  // namespace detail

class Batch;

// Runs statements: in one implicit transaction each, or within the transaction it belongs to.
// Arguments of $1, $2, …: integers, floating point, bool, texts, described enums, Timestamp, Uuid,
// Json, std::optional, std::nullopt, std::vector of those (an array), described structs (json).
class Database {
 public:
  // Made by Context and Plugin.
  explicit Database(const detail::DbTarget& target) : target_(target) {}

  // Throws DbError, and Problem 422 invalid_text for a text with a NUL. [fiber, suspends]
  template <class... Arguments>
  Rows query(std::string_view sql, const Arguments&... arguments) {
    return run_one(sql, detail::SqlParameter(arguments)...);
  }
  // The number of rows written. [fiber, suspends]
  template <class... Arguments>
  std::int64_t execute(std::string_view sql, const Arguments&... arguments) {
    return run_one(sql, detail::SqlParameter(arguments)...).affected();
  }
  // Several statements in one round trip; all take effect or none.
  Batch batch();

 protected:
  friend class Batch;

  // One statement of parameters that are encoded already. [fiber, suspends]
  template <class... Parameters>
  Rows run_one(std::string_view sql, const Parameters&... parameters) {
    const std::array<calixo_str, sizeof...(Parameters) + 1> views{parameters.view()...};
    const calixo_statement statement{detail::to_abi(sql), views.data(), sizeof...(Parameters)};
    calixo_result* result = nullptr;
    run(&statement, 1, &result);
    return Rows(target_.host->db, result);
  }

  // Fills results, which the caller then owns; throws having released them.
  void run(const calixo_statement* statements, std::size_t count, calixo_result** results) {
    const calixo_db_v1& db = *target_.host->db;
    const calixo_status status = detail::suspending([&] {
      return target_.tx != nullptr ? db.run_in(target_.host->handle, target_.tx, target_.as,
                                               statements, count, results)
                                   : db.run(target_.host->handle, target_.exchange, target_.as,
                                            statements, count, results);
    });
    if (status != CALIXO_OK) fail(status, count, results);
  }

  // Throws what went wrong, having released the results.
  [[noreturn]] void fail(calixo_status status, std::size_t count, calixo_result** results) {
    has_failed_ = true;
    const calixo_db_v1& db = *target_.host->db;
    std::vector<Rows> owned;
    for (std::size_t i = 0; i < count; ++i) owned.emplace_back(&db, results[i]);
    if (status != CALIXO_SQL_ERROR) detail::throw_db_status(status);
    for (std::size_t i = 0; i < count; ++i) {
      calixo_sql_error error{};
      error.struct_size = sizeof error;
      if (results[i] != nullptr) db.error(results[i], &error);
      if (error.sqlstate.size != 0) detail::throw_sql_error(db, results[i]);
    }
    detail::throw_db_status(status);
  }

  detail::DbTarget target_;  // where the statements go
  bool has_failed_ = false;  // whether one of them failed
};

// Statements gathered for one round trip. Keeps copies of texts and arguments.
class Batch {
 public:
  // Made by Database::batch().
  explicit Batch(Database& database) : database_(&database) {}

  // One more statement; its arguments as of query().
  template <class... Arguments>
  Batch& add(std::string_view sql, const Arguments&... arguments) {
    Entry& entry = entries_.emplace_back();
    entry.sql = sql;
    entry.values.reserve(sizeof...(arguments));
    (entry.values.push_back(copy(detail::SqlParameter(arguments))), ...);
    return *this;
  }

  // One Rows a statement, in order; the batch is then empty. Throws DbError of the statement that
  // failed. [fiber, suspends]
  std::vector<Rows> run() {
    const std::vector<Entry> entries = std::exchange(entries_, {});
    std::vector<Rows> all;
    if (entries.empty()) return all;
    std::vector<std::vector<calixo_str>> parameters(entries.size());
    std::vector<calixo_statement> statements(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      for (const auto& value : entries[i].values) {
        parameters[i].push_back(value ? detail::to_abi(*value) : calixo_str{nullptr, 0});
      }
      statements[i] = {detail::to_abi(entries[i].sql), parameters[i].data(), parameters[i].size()};
    }
    std::vector<calixo_result*> results(entries.size(), nullptr);
    all.reserve(entries.size());
    database_->run(statements.data(), statements.size(), results.data());
    for (calixo_result* result : results) all.emplace_back(database_->target_.host->db, result);
    return all;
  }

 private:
  struct Entry {
    std::string sql;
    std::vector<std::optional<std::string>> values;
  };
  static std::optional<std::string> copy(const detail::SqlParameter& parameter) {
    const calixo_str text = parameter.view();
    if (text.data == nullptr) return std::nullopt;
    return std::string(text.data, text.size);
  }

  Database* database_;
  std::vector<Entry> entries_;
};

inline Batch Database::batch() { return Batch(*this); }

}  // namespace calixo
