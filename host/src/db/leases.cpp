#include "db/leases.hpp"

#include <algorithm>

#include "log/log.hpp"

namespace calixo::host {
namespace {

constexpr std::chrono::seconds kIdlePatience{30};
constexpr std::chrono::seconds kConnectPatience{5};

}  // namespace

Leases::Leases(EventLoop& loop, const DatabaseOptions& options, DatabaseCounters& counters,
               std::function<bool()> may_connect)
    : loop_(loop),
      options_(options),
      counters_(counters),
      may_connect_(std::move(may_connect)),
      sweep_timer_([this] { sweep(); }) {}

DbStatus Leases::take(Lease*& lease) {
  if (is_draining_) return DbStatus::unavailable;
  Completion completion;
  Request request{completion.handle()};
  Lease* const free = waiting_.empty() ? idle() : nullptr;
  if (free != nullptr) {
    grant(*free, request);
  } else {
    if (!may_connect_()) return DbStatus::unavailable;
    if (waiting_.size() >= options_.wait_queue_length_max) return DbStatus::overloaded;
    waiting_.push_back(&request);
    counters_.waiting.add();
    if (leases_.size() < options_.transactions_per_loop_max) open();
  }
  const WaitStatus waited = completion.wait(Deadline(loop_.now() + options_.statement_deadline));
  if (waited != WaitStatus::ready) {
    leave(request);
    return waited == WaitStatus::timed_out ? DbStatus::timed_out : DbStatus::cancelled;
  }
  lease = request.lease;
  return request.status;
}

void Leases::leave(Request& request) {
  if (request.lease != nullptr) return give_back(*request.lease);
  const auto place = std::find(waiting_.begin(), waiting_.end(), &request);
  if (place == waiting_.end()) return;
  waiting_.erase(place);
  counters_.waiting.add(-1);
}

void Leases::grant(Lease& lease, Request& request) {
  lease.is_leased = true;
  request.lease = &lease;
  request.finish(DbStatus::ok);
}

void Leases::give_back(Lease& lease) {
  if (is_draining_) return retire(lease);
  lease.is_leased = false;
  lease.since = loop_.now();
  if (!lease.connection.is_ready()) {
    sweep_at(loop_.now());
  } else {
    sweep_at(loop_.now() + kIdlePatience);
  }
  serve_waiting();
}

void Leases::retire(Lease& lease) {
  lease.is_leased = false;
  lease.is_retiring = true;
  if (lease.connection.in_flight() == 0) sweep_at(loop_.now());
}

Lease* Leases::idle() {
  for (const auto& lease : leases_) {
    if (!lease->is_leased && !lease->is_retiring && lease->connection.is_ready()) {
      return lease.get();
    }
  }
  return nullptr;
}

void Leases::open() {
  DatabaseConnection::Owner& owner = *this;
  leases_.push_back(std::make_unique<Lease>(loop_, options_, counters_, owner));
  Lease& lease = *leases_.back();
  lease.since = loop_.now();
  sweep_at(loop_.now() + kConnectPatience);
  lease.connection.connect();
}

void Leases::serve_waiting() {
  while (!waiting_.empty()) {
    Lease* const lease = idle();
    if (lease == nullptr) return;
    Request& request = *waiting_.front();
    waiting_.pop_front();
    counters_.waiting.add(-1);
    grant(*lease, request);
  }
}

void Leases::refuse_waiting() {
  while (!waiting_.empty()) {
    Request& request = *waiting_.front();
    waiting_.pop_front();
    counters_.waiting.add(-1);
    request.finish(DbStatus::unavailable);
  }
}

void Leases::on_connected(DatabaseConnection& connection) {
  for (const auto& lease : leases_) {
    if (&lease->connection == &connection) lease->since = loop_.now();
  }
  serve_waiting();
}

// Where other connections stand, whoever waits gets one of those in turn.
void Leases::on_lost(DatabaseConnection&, std::string_view reason) {
  log::warn("database connection of a transaction lost", {{"reason", reason}});
  sweep_at(loop_.now());
  const bool is_last = std::all_of(leases_.begin(), leases_.end(),
                                   [](const auto& lease) { return lease->connection.is_closed(); });
  if (is_last) refuse_waiting();
}

void Leases::on_answered(DatabaseConnection& connection) {
  if (connection.in_flight() != 0) return;
  for (const auto& lease : leases_) {
    if (&lease->connection == &connection && lease->is_retiring) sweep_at(loop_.now());
  }
}

bool Leases::is_finished(const Lease& lease, MonotonicClock::time_point now) const {
  if (lease.is_leased) return false;
  if (lease.connection.is_closed()) return true;
  if (!lease.connection.is_ready()) return now - lease.since >= kConnectPatience;
  if (lease.is_retiring) return lease.connection.in_flight() == 0;
  return now - lease.since >= kIdlePatience && leases_.size() > 1;
}

void Leases::sweep() {
  const auto now = MonotonicClock::now();
  for (std::size_t i = 0; i < leases_.size();) {
    if (is_finished(*leases_[i], now)) {
      leases_.erase(leases_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  if (!waiting_.empty() && leases_.size() < options_.transactions_per_loop_max) {
    if (may_connect_()) {
      open();
    } else {
      refuse_waiting();
    }
  }
  if (leases_.size() > 1) sweep_at(now + kIdlePatience);
}

void Leases::sweep_at(MonotonicClock::time_point at) {
  if (sweep_timer_.is_armed() && sweep_due_ <= at) return;
  sweep_due_ = at;
  sweep_timer_.arm(loop_, Deadline(at));
}

void Leases::drain() {
  is_draining_ = true;
  refuse_waiting();
  for (const auto& lease : leases_) {
    if (!lease->is_leased) retire(*lease);
  }
}

void Leases::close() {
  is_draining_ = true;
  refuse_waiting();
  for (const auto& lease : leases_) lease->connection.close();
  sweep_timer_.cancel();
}

}  // namespace calixo::host
