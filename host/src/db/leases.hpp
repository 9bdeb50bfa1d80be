// Connections of one loop that a transaction has to itself: opened on demand, handed on in order,
// closed when idle.
// [loop], all of it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "db/connection.hpp"

namespace calixo::host {

struct Lease {
  Lease(EventLoop& loop, const DatabaseOptions& options, DatabaseCounters& counters,
        DatabaseConnection::Owner& owner)
      : connection(loop, options, false, counters, owner) {}
  DatabaseConnection connection;
  bool is_leased = false;
  bool is_retiring = false;          // closes once it is idle: its state is not certain
  MonotonicClock::time_point since;  // of the attempt to connect, or of being idle
};

class Leases final : private DatabaseConnection::Owner {
 public:
  Leases(EventLoop& loop, const DatabaseOptions& options, DatabaseCounters& counters,
         std::function<bool()> may_connect);

  // A connection of the caller's own until give_back or retire. [fiber, suspends]
  DbStatus take(Lease*& lease);
  // In the state of a fresh one, but for commands sent already that restore it.
  void give_back(Lease& lease);
  // Not to be used again.
  void retire(Lease& lease);

  void refuse_waiting();
  void drain();
  void close();

 private:
  struct Request {
    Completion::Handle done;
    DbStatus status = DbStatus::unavailable;
    Lease* lease = nullptr;

    void finish(DbStatus with) {
      status = with;
      done.complete();
    }
  };

  void on_connected(DatabaseConnection& connection) override;
  void on_lost(DatabaseConnection& connection, std::string_view reason) override;
  void on_answered(DatabaseConnection& connection) override;

  Lease* idle();
  void open();
  void grant(Lease& lease, Request& request);
  void serve_waiting();
  void leave(Request& request);
  void sweep();
  void sweep_at(MonotonicClock::time_point at);
  bool is_finished(const Lease& lease, MonotonicClock::time_point now) const;

  EventLoop& loop_;
  const DatabaseOptions& options_;
  DatabaseCounters& counters_;
  std::function<bool()> may_connect_;
  std::vector<std::unique_ptr<Lease>> leases_;
  std::deque<Request*> waiting_;
  MonotonicClock::time_point sweep_due_;
  EventLoop::Timer sweep_timer_;  // a connection can't be destroyed from its own callback
  bool is_draining_ = false;
};

}  // namespace calixo::host
