// Transactions over several round trips: rolled back on every path but a commit, and run again,
// a bounded number of times, where the database asks for it.
// Used by the fiber that began it.
#pragma once

#include <calixo/db.hpp>

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

namespace calixo {

// PostgreSQL's levels.
enum class Isolation { read_committed, repeatable_read, serializable };

// How a transaction runs.
struct TransactionOptions {
  Isolation isolation = Isolation::read_committed;  // what it sees of others
  bool is_read_only = false;                        // writes nothing; may run on a replica
  int attempts_max = 3;  // on serialization failure and deadlock; the body runs again each time
};

// Statements that take effect together, when the body returns.
class Transaction : public Database {
 public:
  // For one of context.transaction's bodies. [fiber, suspends]
  Transaction(detail::DbTarget target, const TransactionOptions& options) : Database(target) {
    std::uint32_t bits = static_cast<std::uint32_t>(options.isolation);
    if (options.is_read_only) bits |= CALIXO_TX_READ_ONLY;
    const calixo_status status = detail::suspending([&] {
      return target.host->db->begin(target.host->handle, target.exchange, bits, &target_.tx);
    });
    if (status != CALIXO_OK) {
      target_.tx = nullptr;
      detail::throw_db_status(status);
    }
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() { roll_back(); }

  // Runs body() so that its failure undoes it alone: the transaction goes on. [fiber, suspends]
  template <class Body>
  void savepoint(Body&& body) {
    execute("savepoint calixo_savepoint");
    try {
      std::forward<Body>(body)();
    } catch (...) {
      has_failed_ = false;
      execute("rollback to savepoint calixo_savepoint");
      throw;
    }
    execute("release savepoint calixo_savepoint");
  }

  // For services that work in their caller's transaction.
  calixo_tx* handle() const { return target_.tx; }

  // Called by the layer after the body. Throws DbError where the database refused: nothing has
  // taken effect then, save where status() says that it could not be asked. [fiber, suspends]
  void commit() {
    if (has_failed_) {
      roll_back();
      throw DbError(CALIXO_SQL_ERROR, "25P02",
                    "25P02 a statement of the transaction failed and its error was caught");
    }
    const calixo_db_v1& db = *target_.host->db;
    calixo_result* failure = nullptr;
    calixo_tx* const tx = std::exchange(target_.tx, nullptr);
    const calixo_status status =
        detail::suspending([&] { return db.commit(target_.host->handle, tx, &failure); });
    const Rows owned(&db, failure);
    if (status == CALIXO_SQL_ERROR) detail::throw_sql_error(db, failure);
    if (status != CALIXO_OK) detail::throw_db_status(status);
  }

 private:
  void roll_back() {
    calixo_tx* const tx = std::exchange(target_.tx, nullptr);
    const detail::Host& host = *target_.host;
    if (tx != nullptr) detail::suspending([&] { host.db->rollback(host.handle, tx); });
  }
};

namespace detail {

template <class Body>
using TransactionResult = std::invoke_result_t<Body&, Transaction&>;

// Waits a few milliseconds, other ones for each caller, so that rivals don't meet again.
inline void wait_before_retry(const Host& host, int attempt) {
  const auto noise = static_cast<std::uint64_t>(host.runtime->monotonic_time_us(host.handle));
  const auto spread = static_cast<std::uint32_t>(noise * 0x9e3779b97f4a7c15u >> 61);
  const std::uint32_t duration_ms = 1 + spread * static_cast<std::uint32_t>(attempt);
  throw_unless_ok(suspending([&] { return host.runtime->sleep(host.handle, duration_ms); }),
                  "wait before running a transaction again");
}

template <class Body>
TransactionResult<Body> run_once(const DbTarget& target, const TransactionOptions& options,
                                 Body& body) {
  Transaction tx(target, options);
  if constexpr (std::is_void_v<TransactionResult<Body>>) {
    body(tx);
    tx.commit();
  } else {
    TransactionResult<Body> result = body(tx);
    tx.commit();
    return result;
  }
}

// Runs body in a transaction and commits; again after a serialization failure or a deadlock.
// [fiber, suspends]
template <class Body>
TransactionResult<Body> run_transaction(const DbTarget& target, const TransactionOptions& options,
                                        Body&& body) {
  for (int attempt = 1;; ++attempt) {
    try {
      return run_once(target, options, body);
    } catch (const DbError& error) {
      if (!error.is_retryable() || attempt >= options.attempts_max) throw;
    }
    wait_before_retry(*target.host, attempt);
  }
}

}  // namespace detail
}  // namespace calixo
