#include "runtime/loop_core.hpp"

#include <algorithm>
#include <cassert>
#include <string>

#include "runtime/crash_report.hpp"

namespace calixo::host {
namespace {

constinit thread_local LoopCore* current_loop = nullptr;

}  // namespace

LoopCore::LoopCore(EventLoop& owner, const EventLoop::Options& options)
    : owner_(owner),
      options_(options),
      pool_(*this, options.fiber_stack_bytes, options.fibers_idle_max) {
  descriptors_.watch(inbox_.wake_descriptor(), EPOLLIN, &waker_);
}

LoopCore::~LoopCore() {
  // Only fibers that never ran can be left: run() returns after the last one ended.
  while (!in_flight_.is_empty()) {
    FiberContext& fiber = in_flight_.first();
    assert(!fiber.has_started());
    in_flight_.remove(fiber);
    delete &fiber;
  }
}

LoopCore* LoopCore::current() { return current_loop; }

void LoopCore::run() {
  assert(current_loop == nullptr && "one loop a thread");
  const crash_report::AlternateStack alternate_stack;
  current_loop = this;
  thread_.store(::pthread_self(), std::memory_order_relaxed);
  sanitizers::adopt_thread(side_);
  is_busy_.store(true, std::memory_order_relaxed);
  now_ = MonotonicClock::now();
  do {
    turn();
  } while (!is_stopping_ || has_work());
  is_busy_.store(false, std::memory_order_relaxed);
  current_loop = nullptr;
}

bool LoopCore::has_work() const {
  return !in_flight_.is_empty() || !deferred_.empty() || !inbox_.is_empty();
}

void LoopCore::stop() {
  inbox_.post([this] {
    is_stopping_ = true;
    in_flight_.for_each([](FiberContext& fiber) { fiber.cancel(); });
  });
}

Fiber* LoopCore::spawn(Task body) {
  const std::uint64_t in_flight = fibers_in_flight_.load(std::memory_order_relaxed);
  FiberContext* const fiber = in_flight < options_.fibers_max ? pool_.take() : nullptr;
  if (fiber == nullptr) {
    bump(fibers_refused_);
    return nullptr;
  }
  fiber->begin(std::move(body), is_stopping_);
  in_flight_.add(*fiber);
  bump(fibers_in_flight_);
  if (in_flight + 1 > fibers_in_flight_max_.load(std::memory_order_relaxed)) {
    fibers_in_flight_max_.store(in_flight + 1, std::memory_order_relaxed);
  }
  make_ready(*fiber);
  return fiber;
}

void LoopCore::turn() {
  bump(turns_);
  poll();
  if (!inbox_.is_empty()) inbox_.run_posted([this] { step(); });
  fire_timers();
  settle();
}

// 0 where there is work already, -1 to sleep until a descriptor or another thread wakes the loop.
int LoopCore::poll_timeout_ms() {
  if (!ready_.is_empty() || !deferred_.empty()) return 0;
  int timeout_ms = -1;
  if (!timers_.is_empty()) {
    const auto left = timers_.soonest() - MonotonicClock::now();
    const auto left_ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    if (left_ms <= 0) return 0;
    timeout_ms = static_cast<int>(std::min<std::int64_t>(left_ms, 60'000));
  }
  return inbox_.prepare_sleep() ? timeout_ms : 0;
}

void LoopCore::poll() {
  const int timeout_ms = poll_timeout_ms();
  if (timeout_ms != 0) is_busy_.store(false, std::memory_order_relaxed);
  const std::span<const epoll_event> events = descriptors_.poll(timeout_ms);
  step();
  is_busy_.store(true, std::memory_order_relaxed);
  now_ = MonotonicClock::now();
  for (const epoll_event& event : events) {
    EventLoop::Watcher* const watcher = descriptors_.watcher_of(event);
    if (watcher == nullptr) continue;
    watcher->on_ready(event.events);
    step();
  }
}

// A timer that is armed again for a time already passed waits for the next turn.
void LoopCore::fire_timers() {
  for (std::size_t left = timers_.size(); left > 0 && !timers_.is_empty(); --left) {
    const auto late = now_ - timers_.soonest();
    if (late < late.zero()) return;
    const auto late_us = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(late).count());
    lag_us_last_.store(late_us, std::memory_order_relaxed);
    if (late_us > lag_us_max_.load(std::memory_order_relaxed)) {
      lag_us_max_.store(late_us, std::memory_order_relaxed);
    }
    timers_.fire_soonest();
    step();
  }
}

// Runs fibers and deferred tasks until none is left; fibers that keep waking one another don't
// keep the loop from its descriptors, though.
void LoopCore::settle() {
  constexpr int kRoundsMax = 16;
  for (int round = 0; round < kRoundsMax; ++round) {
    if (ready_.is_empty() && deferred_.empty()) return;
    run_ready();
    run_deferred();
  }
}

void LoopCore::run_ready() {
  constexpr int kResumesMax = 4096;
  for (int resumes = 0; resumes < kResumesMax && !ready_.is_empty(); ++resumes) {
    resume(ready_.pop());
  }
}

void LoopCore::run_deferred() {
  running_deferred_.swap(deferred_);
  for (Task& task : running_deferred_) {
    task();
    task = nullptr;
    step();
  }
  running_deferred_.clear();
}

void LoopCore::resume(FiberContext& fiber) {
  step();
  running_.store(&fiber, std::memory_order_relaxed);
  const bool has_ended = fiber.resume();
  running_.store(nullptr, std::memory_order_relaxed);
  step();
  if (!has_ended) return;
  in_flight_.remove(fiber);
  bump(fibers_in_flight_, -1);
  pool_.give_back(fiber);
}

EventLoop::Stats LoopCore::stats() const {
  const auto read = [](const auto& counter) { return counter.load(std::memory_order_relaxed); };
  return {.turns = read(turns_),
          .fibers_in_flight = read(fibers_in_flight_),
          .fibers_in_flight_max = read(fibers_in_flight_max_),
          .fibers_refused = read(fibers_refused_),
          .lag_us_last = read(lag_us_last_),
          .lag_us_max = read(lag_us_max_),
          .blocked_count = read(blocked_count_)};
}

std::chrono::milliseconds LoopCore::held_for() const {
  const MonotonicClock::duration since(held_since_.load(std::memory_order_relaxed));
  if (since == since.zero()) return std::chrono::milliseconds(0);
  const auto held = MonotonicClock::now().time_since_epoch() - since;
  return std::chrono::duration_cast<std::chrono::milliseconds>(held);
}

std::string LoopCore::running_label() const {
  const std::lock_guard lock(label_mutex_);
  const FiberContext* const fiber = running_fiber();
  return fiber == nullptr ? std::string() : std::string(fiber->label());
}

}  // namespace calixo::host
