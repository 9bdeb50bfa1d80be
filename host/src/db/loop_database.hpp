// Everything of the database that belongs to one event loop. Held by the Database and by whatever
// is on its way to the loop.
#pragma once

#include <atomic>
#include <memory>

#include "db/canceller.hpp"
#include "db/leases.hpp"
#include "db/pipelines.hpp"

namespace calixo::host {

class LoopDatabase : public std::enable_shared_from_this<LoopDatabase> {
 public:
  LoopDatabase(EventLoop& loop, const DatabaseOptions& options,
               std::shared_ptr<Canceller> canceller);

  EventLoop& loop() { return loop_; }
  Pipelines& pipelines() { return pipelines_; }
  Leases& leases() { return leases_; }
  Canceller& canceller() { return *canceller_; }
  DatabaseCounters& counters() { return counters_; }
  std::chrono::milliseconds statement_deadline() const { return options_.statement_deadline; }

  // The caller is a fiber of this loop.
  bool is_own_fiber() const {
    return EventLoop::current() == &loop_ && Fiber::current() != nullptr;
  }

  void start();  // [loop]
  void drain();  // [loop]
  // Closes on the loop where it runs, and directly where it has ended. [any-thread]
  void close_from_anywhere();

  void add_stats(Database::Stats& sum) const;  // [any-thread]

 private:
  void close();
  void close_when_idle();

  EventLoop& loop_;
  const DatabaseOptions options_;
  std::shared_ptr<Canceller> canceller_;
  DatabaseCounters counters_;
  std::atomic<bool> is_closed_{false};
  EventLoop::Timer drain_timer_;
  Leases leases_;
  Pipelines pipelines_;
};

}  // namespace calixo::host
