// What an attempt at a delivery or a job's run sees: the database as the plugin, the log, time.
// Used by the handler that was given it, until it returns.
#pragma once

#include <calixo/context.hpp>
#include <calixo/db.hpp>
#include <calixo/transaction.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace calixo {

// Thrown by a handler: no further attempt will pass. It becomes a dead letter with this reason,
// which operators read; never a secret.
class GiveUp : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One attempt at a delivery or a run: its tries, its database, its time.
class WorkContext {
 public:
  // Made by the SDK, one an attempt.
  WorkContext(const detail::Host& host, calixo_tx* tx, std::uint32_t attempt)
      : host_(host), tx_(tx), attempt_(attempt) {}
  WorkContext(const WorkContext&) = delete;
  WorkContext& operator=(const WorkContext&) = delete;

  std::uint32_t attempt() const { return attempt_; }  // 1 the first time

  // As the plugin itself. In the attempt's transaction, where it has one: what is written takes
  // effect exactly once, with the attempt's success.
  Database db() { return Database({&host_, nullptr, tx_, CALIXO_DB_AS_SERVICE}); }
  // Whether the attempt is one transaction.
  bool is_in_transaction() const { return tx_ != nullptr; }
  // For services that work in their caller's transaction; nullptr where there is none.
  calixo_tx* handle() const { return tx_; }

  // A transaction of its own, for attempts that have none. [fiber, suspends]
  template <class Body>
  auto transaction(Body&& body, const TransactionOptions& options = {}) {
    if (tx_ != nullptr) throw std::logic_error("this attempt is one transaction: use db()");
    return detail::run_transaction({&host_, nullptr, nullptr, CALIXO_DB_AS_SERVICE}, options, body);
  }

  // Wall clock. [any-thread]
  Timestamp now() const { return {host_.runtime->unix_time_us(host_.handle)}; }
  // Throws HostFailure where the attempt's time is over first. [fiber, suspends]
  void sleep(std::chrono::milliseconds duration) {
    const auto duration_ms = static_cast<std::uint32_t>(duration.count());
    detail::throw_unless_ok(
        detail::suspending([&] { return host_.runtime->sleep(host_.handle, duration_ms); }),
        "sleep");
  }
  // As Context::run_blocking. [fiber, suspends]
  template <class Work>
  auto run_blocking(Work&& work) {
    return detail::run_blocking(host_, work);
  }

  // Events for the operator. [any-thread]
  Log log() const { return Log(host_); }
  // The interfaces it stands on.
  const detail::Host& host() const { return host_; }

 private:
  const detail::Host& host_;
  calixo_tx* tx_;
  std::uint32_t attempt_;
};

}  // namespace calixo
