// The shared connections of one loop: spreads runs over them, keeps those that find no room
// waiting in order, and connects anew with backoff.
// [loop], but for what says [any-thread].
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "db/connection.hpp"

namespace calixo::host {

class Pipelines final : private DatabaseConnection::Owner {
 public:
  Pipelines(EventLoop& loop, const DatabaseOptions& options, DatabaseCounters& counters,
            std::function<void()> on_unavailable);
  ~Pipelines() = default;

  void start();
  // Answers everything `unavailable` and closes; nothing connects any more.
  void close();
  // Closes each connection once it is idle.
  void drain();
  bool is_closed() const;

  // The whole of Database::run on this loop. [fiber, suspends]
  DbStatus run(const StatementContext& context, std::span<const Statement> statements,
               std::vector<ResultSet>& results);

  // Whether waiting for a connection makes sense: one stands, or one is about to.
  bool may_connect_soon() const;

  std::uint64_t ready_count() const { return counters_.pipelines_ready.get(); }  // [any-thread]
  MonotonicClock::time_point next_attempt() const {                              // [any-thread]
    return MonotonicClock::time_point(
        MonotonicClock::duration(next_attempt_.load(std::memory_order_relaxed)));
  }

 private:
  struct Slot {
    Slot(EventLoop& loop, const DatabaseOptions& options, Pipelines& owner);
    // It stands, is on its way, or is to be tried anew without a pause.
    bool may_connect_soon() const {
      return !connection.is_closed() || (failures <= 1 && timer.is_armed());
    }
    DatabaseConnection connection;
    EventLoop::Timer timer;  // the next attempt, or the end of the present one's patience
    std::uint32_t failures = 0;
    bool was_ready = false;
  };

  void on_connected(DatabaseConnection& connection) override;
  void on_lost(DatabaseConnection& connection, std::string_view reason) override;
  void on_answered(DatabaseConnection& connection) override;

  Slot& slot_of(const DatabaseConnection& connection);
  void connect(Slot& slot);
  void on_timer(Slot& slot);
  void schedule_attempt(Slot& slot);
  DatabaseConnection* least_loaded();
  void serve_waiting();
  void disconnected();
  void refuse_waiting();
  DbStatus enqueue(Run& run);
  void leave(Run& run);

  EventLoop& loop_;
  const DatabaseOptions& options_;
  DatabaseCounters& counters_;
  std::function<void()> on_unavailable_;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::deque<Run*> waiting_;
  EventLoop::Timer blip_timer_;
  std::minstd_rand random_;
  bool is_starting_ = true;  // no attempt has ended yet
  bool is_draining_ = false;
  bool is_closing_ = false;
  std::atomic<MonotonicClock::rep> next_attempt_{0};
};

}  // namespace calixo::host
