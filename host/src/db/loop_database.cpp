#include "db/loop_database.hpp"

#include <future>

namespace calixo::host {

LoopDatabase::LoopDatabase(EventLoop& loop, const DatabaseOptions& options,
                           std::shared_ptr<Canceller> canceller)
    : loop_(loop),
      options_(options),
      canceller_(std::move(canceller)),
      drain_timer_([this] { close_when_idle(); }),
      leases_(loop, options_, counters_, [this] { return pipelines_.may_connect_soon(); }),
      pipelines_(loop, options_, counters_, [this] { leases_.refuse_waiting(); }) {}

void LoopDatabase::start() { pipelines_.start(); }

void LoopDatabase::drain() {
  leases_.drain();
  pipelines_.drain();
  close_when_idle();
}

void LoopDatabase::close_when_idle() {
  if (counters_.in_flight.get() == 0 && counters_.transactions.get() == 0) return close();
  drain_timer_.arm(loop_, Deadline::in(std::chrono::milliseconds(10)));
}

void LoopDatabase::close() {
  drain_timer_.cancel();
  leases_.close();
  pipelines_.close();
  is_closed_.store(true, std::memory_order_release);
}

// Whether the loop still runs can't be asked. Where it doesn't, nothing else touches the
// connections, and closing them here is safe; where it does, it answers well before.
void LoopDatabase::close_from_anywhere() {
  if (is_closed_.load(std::memory_order_acquire)) return;
  if (EventLoop::current() == &loop_) return close();
  auto closed = std::make_shared<std::promise<void>>();
  loop_.post([self = shared_from_this(), closed] {
    self->close();
    closed->set_value();
  });
  const std::future_status answered = closed->get_future().wait_for(std::chrono::seconds(1));
  if (answered != std::future_status::ready) close();
}

void LoopDatabase::add_stats(Database::Stats& sum) const {
  sum.connections += counters_.connections.get();
  sum.statements += counters_.statements.get();
  sum.statement_errors += counters_.statement_errors.get();
  sum.in_flight += counters_.in_flight.get();
  sum.waiting += counters_.waiting.get();
  sum.transactions += counters_.transactions.get();
  sum.reconnects += counters_.reconnects.get();
}

}  // namespace calixo::host
