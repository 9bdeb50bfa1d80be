#include "db/pipelines.hpp"

#include <algorithm>

#include "log/log.hpp"

namespace calixo::host {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kConnectPatience{5'000};
constexpr milliseconds kBlipPatience{200};  // what a run waits for a connection under way
constexpr milliseconds kBackoffMin{25};

}  // namespace

Pipelines::Slot::Slot(EventLoop& loop, const DatabaseOptions& options, Pipelines& owner)
    : connection(loop, options, true, owner.counters_, owner),
      timer([this, &owner] { owner.on_timer(*this); }) {}

Pipelines::Pipelines(EventLoop& loop, const DatabaseOptions& options, DatabaseCounters& counters,
                     std::function<void()> on_unavailable)
    : loop_(loop),
      options_(options),
      counters_(counters),
      on_unavailable_(std::move(on_unavailable)),
      blip_timer_([this] {
        if (ready_count() == 0 && !is_starting_) refuse_waiting();
      }),
      random_(std::random_device()()) {
  for (std::size_t i = 0; i < std::max<std::size_t>(1, options.pipelines_per_loop); ++i) {
    slots_.push_back(std::make_unique<Slot>(loop, options, *this));
  }
}

void Pipelines::start() {
  if (is_closing_) return;
  for (const auto& slot : slots_) connect(*slot);
}

void Pipelines::close() {
  is_closing_ = true;
  blip_timer_.cancel();
  for (const auto& slot : slots_) {
    slot->timer.cancel();
    if (slot->connection.is_ready()) disconnected();
    slot->connection.close();
  }
  refuse_waiting();
}

void Pipelines::drain() {
  is_draining_ = true;
  for (const auto& slot : slots_) {
    if (!slot->connection.is_ready()) {
      slot->timer.cancel();
      slot->connection.close();
    } else {
      on_answered(slot->connection);
    }
  }
  if (is_closed()) refuse_waiting();
}

bool Pipelines::is_closed() const {
  return std::all_of(slots_.begin(), slots_.end(), [](const auto& slot) {
    return slot->connection.is_closed() && !slot->timer.is_armed();
  });
}

DbStatus Pipelines::run(const StatementContext& context, std::span<const Statement> statements,
                        std::vector<ResultSet>& results) {
  if (is_draining_ || is_closing_) return DbStatus::unavailable;
  results.clear();
  results.resize(statements.size());
  Completion completion;
  Run run{context, statements, &results, completion.handle(), {}, true};
  DatabaseConnection* const connection = waiting_.empty() ? least_loaded() : nullptr;
  if (connection != nullptr) {
    connection->submit(run);
  } else if (const DbStatus refused = enqueue(run); refused != DbStatus::ok) {
    return refused;
  }
  const WaitStatus waited = completion.wait(Deadline(loop_.now() + options_.statement_deadline));
  if (waited == WaitStatus::ready) return run.status;
  leave(run);
  return waited == WaitStatus::timed_out ? DbStatus::timed_out : DbStatus::cancelled;
}

DbStatus Pipelines::enqueue(Run& run) {
  if (!may_connect_soon()) return DbStatus::unavailable;
  if (waiting_.size() >= options_.wait_queue_length_max) return DbStatus::overloaded;
  waiting_.push_back(&run);
  counters_.waiting.add();
  if (ready_count() == 0 && !blip_timer_.is_armed()) {
    blip_timer_.arm(loop_, Deadline::in(kBlipPatience));
  }
  return DbStatus::ok;
}

void Pipelines::leave(Run& run) {
  if (run.segment != nullptr) {
    run.segment->run = nullptr;  // its answers are dropped
    return;
  }
  const auto place = std::find(waiting_.begin(), waiting_.end(), &run);
  if (place == waiting_.end()) return;
  waiting_.erase(place);
  counters_.waiting.add(-1);
}

DatabaseConnection* Pipelines::least_loaded() {
  DatabaseConnection* best = nullptr;
  for (const auto& slot : slots_) {
    DatabaseConnection& connection = slot->connection;
    if (!connection.is_ready() || connection.in_flight() >= options_.pipeline_depth_max) continue;
    if (best == nullptr || connection.in_flight() < best->in_flight()) best = &connection;
  }
  return best;
}

void Pipelines::serve_waiting() {
  while (!waiting_.empty()) {
    DatabaseConnection* const connection = least_loaded();
    if (connection == nullptr) return;
    Run& run = *waiting_.front();
    waiting_.pop_front();
    counters_.waiting.add(-1);
    connection->submit(run);
  }
}

void Pipelines::refuse_waiting() {
  while (!waiting_.empty()) {
    Run& run = *waiting_.front();
    waiting_.pop_front();
    counters_.waiting.add(-1);
    run.finish(DbStatus::unavailable);
  }
}

bool Pipelines::may_connect_soon() const {
  if (is_closing_ || is_draining_) return false;
  if (is_starting_) return true;
  return std::any_of(slots_.begin(), slots_.end(),
                     [](const auto& slot) { return slot->may_connect_soon(); });
}

void Pipelines::disconnected() { counters_.pipelines_ready.add(-1); }

Pipelines::Slot& Pipelines::slot_of(const DatabaseConnection& connection) {
  return **std::find_if(slots_.begin(), slots_.end(), [&connection](const auto& slot) {
    return &slot->connection == &connection;
  });
}

void Pipelines::connect(Slot& slot) {
  slot.timer.arm(loop_, Deadline::in(kConnectPatience));
  slot.connection.connect();
}

// Either the pause before an attempt is over, or the patience with one.
void Pipelines::on_timer(Slot& slot) {
  if (slot.connection.is_closed()) return connect(slot);
  slot.connection.close();
  on_lost(slot.connection, "no answer to the attempt to connect");
}

void Pipelines::on_connected(DatabaseConnection& connection) {
  Slot& slot = slot_of(connection);
  slot.timer.cancel();
  slot.failures = 0;
  counters_.pipelines_ready.add();
  if (slot.was_ready) {
    counters_.reconnects.add();
    log::info("database connection restored");
  }
  slot.was_ready = true;
  is_starting_ = false;
  serve_waiting();
}

void Pipelines::on_lost(DatabaseConnection& connection, std::string_view reason) {
  Slot& slot = slot_of(connection);
  slot.timer.cancel();
  is_starting_ = false;
  const bool stood = slot.failures == 0 && slot.was_ready;
  if (stood) disconnected();
  if (slot.failures == 0) log::warn("database connection lost", {{"reason", reason}});
  schedule_attempt(slot);
  if (ready_count() > 0) return;
  if (may_connect_soon()) return;
  refuse_waiting();
  on_unavailable_();
}

// The first attempt after a loss comes at once; each that fails doubles the pause, with jitter so
// that the connections of many servers don't come back in one moment.
void Pipelines::schedule_attempt(Slot& slot) {
  if (is_closing_ || is_draining_) return;
  milliseconds pause{0};
  if (slot.failures > 0) {
    const milliseconds full = std::min<milliseconds>(
        kBackoffMin * (1u << std::min(slot.failures, 16u)), options_.reconnect_backoff_max);
    std::uniform_int_distribution<std::int64_t> jitter(full.count() / 2, full.count());
    pause = milliseconds(jitter(random_));
  }
  ++slot.failures;
  const auto at = MonotonicClock::now() + pause;
  next_attempt_.store(at.time_since_epoch().count(), std::memory_order_relaxed);
  slot.timer.arm(loop_, Deadline(at));
}

void Pipelines::on_answered(DatabaseConnection& connection) {
  if (!waiting_.empty()) serve_waiting();
  if (is_draining_ && waiting_.empty() && connection.in_flight() == 0) {
    disconnected();
    connection.close();
  }
}

}  // namespace calixo::host
