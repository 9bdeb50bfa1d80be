#include "events/lane.hpp"

#include <algorithm>
#include <limits>
#include <random>

#include "log/log.hpp"

namespace calixo::host {
namespace {

// Deliveries of one key that follow each other without a new claim; then others get the slot.
constexpr int kFollowersMax = 32;
constexpr std::chrono::milliseconds kPauseAway{500};
constexpr MonotonicClock::rep kNever = std::numeric_limits<MonotonicClock::rep>::max();

std::string_view to_text(DbStatus status) {
  switch (status) {
    case DbStatus::ok:
      return "ok";
    case DbStatus::sql_error:
      return "the database refused";
    case DbStatus::unavailable:
      return "the database is away";
    case DbStatus::timed_out:
      return "the database took too long";
    case DbStatus::cancelled:
      return "cancelled";
    case DbStatus::overloaded:
      return "too much waits for the database";
  }
  return "unknown";
}

// A failure that says nothing of the work itself.
Outcome not_begun() { return {Outcome::Kind::cancelled, {}}; }

}  // namespace

Lane::Lane(WorkKind kind, const WorkQueue& queue, std::shared_ptr<Shared> shared)
    : kind_(std::move(kind)), queue_(queue), shared_(std::move(shared)), look_again_at_(kNever) {
  shared_->signals->add(kind_.signal, wake_up_);
}

void Lane::start(EventLoop& loop) {
  shared_->tally.add();
  loop.post([self = shared_from_this()] {
    const bool is_started = EventLoop::current()->spawn([self] {
      self->pump();
      self->shared_->tally.remove();
    }) != nullptr;
    if (!is_started) self->shared_->tally.remove();
  });
}

void Lane::pump() {
  while (!shared_->is_draining) {
    const bool is_reached = claim();
    const auto poll = MonotonicClock::now() + shared_->options.poll_interval;
    const auto sooner =
        MonotonicClock::time_point(MonotonicClock::duration(look_again_at_.exchange(kNever)));
    // Away from the database, wakes would only make a storm of attempts.
    const WaitStatus waited =
        is_reached ? wake_up_->wait(Deadline(std::min(poll, sooner))) : sleep_for(kPauseAway);
    if (waited == WaitStatus::cancelled) return;
  }
}

// False where the database could not be asked.
bool Lane::claim() {
  const std::size_t in_flight = in_flight_.load();
  const std::size_t room = kind_.concurrency_max - std::min(in_flight, kind_.concurrency_max);
  may_have_more_ = true;  // a slot that gets free from here on wakes the pump
  if (room == 0) return true;
  std::vector<WorkItem> items;
  const DbStatus status = queue_.claim(kind_, room, lease(), items);
  if (status != DbStatus::ok) {
    log::debug("work not claimed", {{"of", kind_.name}, {"reason", to_text(status)}});
    return false;
  }
  if (items.size() < room) may_have_more_ = false;
  for (WorkItem& item : items) hand_out(std::move(item));
  return true;
}

void Lane::hand_out(WorkItem item) {
  in_flight_.fetch_add(1);
  shared_->tally.add();
  const auto& loops = shared_->loops;
  EventLoop& loop = *loops[next_loop_.fetch_add(1) % loops.size()];
  loop.post([self = shared_from_this(), item = std::move(item)] {
    // Where the loop has no fiber left, the lease ends and another takes the row.
    const auto* fiber = EventLoop::current()->spawn([self, item] { self->work(item); });
    if (fiber == nullptr) self->slot_is_free();
  });
}

void Lane::slot_is_free() {
  in_flight_.fetch_sub(1);
  if (may_have_more_) wake();
  shared_->tally.remove();
}

void Lane::work(WorkItem item) {
  for (int followers = 0; attempt(item); ++followers) {
    if (shared_->is_draining || item.key.empty()) break;
    if (followers == kFollowersMax || !queue_.claim_next(kind_, lease(), item)) {
      if (followers == kFollowersMax) may_have_more_ = true;
      break;
    }
  }
  slot_is_free();
}

// True where the key may go on with its next.
bool Lane::attempt(const WorkItem& item) {
  if (item.attempt > kind_.attempts_max) {
    const Fiber::Shield shield;
    bury(item, "the process ended in the course of each attempt");
    return true;
  }
  Fiber* const fiber = Fiber::current();
  fiber->set_label(kind_.label);
  fiber->set_deadline(Deadline::in(kind_.timeout));
  std::unique_ptr<Transaction> transaction;
  std::vector<std::string> signals;
  Outcome outcome = run(item, transaction, signals);
  fiber->set_deadline(Deadline::never());
  const bool is_cancelled = fiber->is_cancelled();
  const Fiber::Shield shield;  // what is left is short and must be said
  if (outcome.kind == Outcome::Kind::done && transaction) {
    outcome = commit(item, transaction, signals);
  } else if (transaction) {
    transaction->rollback();
  }
  if (is_cancelled && outcome.kind == Outcome::Kind::failed) {
    outcome.kind = Outcome::Kind::cancelled;
  }
  return settle(item, outcome);
}

Outcome Lane::run(const WorkItem& item, std::unique_ptr<Transaction>& transaction,
                  std::vector<std::string>& signals) {
  if (kind_.in_transaction && queue_.database().begin({}, transaction) != DbStatus::ok) {
    return not_begun();
  }
  return kind_.run(item, transaction, signals);
}

Outcome Lane::commit(const WorkItem& item, std::unique_ptr<Transaction>& transaction,
                     const std::vector<std::string>& signals) {
  bool is_ours = false;
  const DbStatus marked = queue_.finish_in(*transaction, item, is_ours);
  if (!is_ours) {
    transaction->rollback();
    if (marked == DbStatus::ok) return Outcome::failed("it took longer than its lease");
    return Outcome::failed("marking it as done: " + std::string(to_text(marked)));
  }
  ResultSet refusal;
  const DbStatus committed = transaction->commit(refusal);
  if (committed == DbStatus::ok) {
    for (const std::string& signal : signals) shared_->signals->announce(signal);
    return {};
  }
  if (committed != DbStatus::sql_error) {
    return Outcome::failed("commit: " + std::string(to_text(committed)));
  }
  return Outcome::failed("commit: " + std::string(refusal.error_message()));
}

bool Lane::settle(const WorkItem& item, const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::done:
      done_.fetch_add(1);
      if (kind_.in_transaction) return true;
      return queue_.finish(item) == DbStatus::ok;
    case Outcome::Kind::cancelled:
      queue_.release(item, shared_->options.retry_backoff);
      return false;
    case Outcome::Kind::hopeless:
      bury(item, outcome.error);
      return true;
    case Outcome::Kind::failed:
      if (item.attempt >= kind_.attempts_max) {
        bury(item, outcome.error);
        return true;
      }
      retry(item, outcome.error);
      return false;
  }
  return false;
}

void Lane::bury(const WorkItem& item, const std::string& error) {
  dead_.fetch_add(1);
  queue_.bury(item, error);
  log::error("dead letter",
             {{"of", kind_.name}, {"id", item.id}, {"attempts", item.attempt}, {"error", error}});
}

void Lane::retry(const WorkItem& item, const std::string& error) {
  failed_.fetch_add(1);
  const std::chrono::milliseconds pause = backoff(item.attempt);
  queue_.retry(item, pause, error);
  look_again_in(pause);
  log::warn("attempt failed", {{"of", kind_.name},
                               {"id", item.id},
                               {"attempt", item.attempt},
                               {"next_in_ms", static_cast<long long>(pause.count())},
                               {"error", error}});
}

// Doubles with each attempt; the jitter keeps what failed together from coming back together.
std::chrono::milliseconds Lane::backoff(std::uint32_t attempt) const {
  thread_local std::minstd_rand random{std::random_device{}()};
  const WorkOptions& options = shared_->options;
  const std::uint32_t doublings = std::min(attempt - 1, 30u);
  const double whole = std::min(
      static_cast<double>(options.retry_backoff.count()) * static_cast<double>(1u << doublings),
      static_cast<double>(options.retry_backoff_max.count()));
  const double share = std::uniform_real_distribution<double>(0.5, 1.0)(random);
  return std::chrono::milliseconds(static_cast<std::int64_t>(whole * share) + 1);
}

std::chrono::milliseconds Lane::lease() const {
  return kind_.timeout + shared_->options.lease_margin;
}

// The pump polls anyway; this is for pauses shorter than the poll's.
void Lane::look_again_in(std::chrono::milliseconds pause) {
  if (pause >= shared_->options.poll_interval) return;
  const MonotonicClock::rep at = (MonotonicClock::now() + pause).time_since_epoch().count();
  MonotonicClock::rep present = look_again_at_.load();
  while (at < present && !look_again_at_.compare_exchange_weak(present, at)) {
  }
  wake();
}

Lane::Counts Lane::counts() const {
  return {done_.load(), failed_.load(), dead_.load(), in_flight_.load()};
}

}  // namespace calixo::host
