// The inside of an EventLoop, for the files of this room.
#pragma once

#include <pthread.h>

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/descriptor_table.hpp"
#include "runtime/event_loop.hpp"
#include "runtime/fiber_pool.hpp"
#include "runtime/inbox.hpp"
#include "runtime/timer_heap.hpp"

namespace calixo::host {

class LoopCore {
 public:
  LoopCore(EventLoop& owner, const EventLoop::Options& options);
  ~LoopCore();

  static LoopCore* current();
  static LoopCore& of(EventLoop& loop) { return *loop.core_; }

  void run();
  void stop();                                            // [any-thread]
  void post(Task task) { inbox_.post(std::move(task)); }  // [any-thread]
  void defer(Task task) { deferred_.push_back(std::move(task)); }
  Fiber* spawn(Task body);
  void make_ready(FiberContext& fiber) { ready_.push(fiber); }

  EventLoop& owner() { return owner_; }
  TimerHeap& timers() { return timers_; }
  DescriptorTable& descriptors() { return descriptors_; }
  MonotonicClock::time_point now() const { return now_; }
  FiberContext* running_fiber() const { return running_.load(std::memory_order_relaxed); }
  sanitizers::Side& side() { return side_; }
  EventLoop::Stats stats() const;  // [any-thread]

  // For the watchdog: equal steps at two times, and not idle, mean the same piece of work.
  std::uint64_t steps() const { return steps_.load(std::memory_order_relaxed); }
  bool is_busy() const { return is_busy_.load(std::memory_order_relaxed); }
  // Of the fiber that runs at present; empty for none. [any-thread]
  std::string running_label() const;
  void count_blocked() { blocked_count_.fetch_add(1, std::memory_order_relaxed); }
  // Since when the loop has been held; the clock's epoch: it is not.
  void set_held_since(MonotonicClock::time_point since) {
    held_since_.store(since.time_since_epoch().count(), std::memory_order_relaxed);
  }
  std::chrono::milliseconds held_for() const;  // [any-thread]
  // The thread that runs the loop; while it does. [any-thread]
  pthread_t thread() const { return thread_.load(std::memory_order_relaxed); }
  // Held where a label or the set of fibers changes.
  std::mutex& label_mutex() const { return label_mutex_; }

 private:
  void turn();
  bool has_work() const;
  int poll_timeout_ms();
  void poll();
  void fire_timers();
  void settle();
  void run_ready();
  void run_deferred();
  void resume(FiberContext& fiber);
  void step() { bump(steps_); }
  // Written by the loop's thread alone, so no read-modify-write is needed.
  static void bump(std::atomic<std::uint64_t>& counter, std::int64_t by = 1) {
    counter.store(counter.load(std::memory_order_relaxed) + static_cast<std::uint64_t>(by),
                  std::memory_order_relaxed);
  }

  class Waker final : public EventLoop::Watcher {
   public:
    explicit Waker(Inbox& inbox) : inbox_(inbox) {}
    void on_ready(std::uint32_t) override { inbox_.woken(); }

   private:
    Inbox& inbox_;
  };

  EventLoop& owner_;
  const EventLoop::Options options_;
  DescriptorTable descriptors_;
  Inbox inbox_;
  Waker waker_{inbox_};
  TimerHeap timers_;
  MonotonicClock::time_point now_ = MonotonicClock::now();
  bool is_stopping_ = false;

  FiberQueue ready_;
  FiberList in_flight_;
  std::vector<Task> deferred_;
  std::vector<Task> running_deferred_;
  sanitizers::Side side_;
  std::atomic<FiberContext*> running_{nullptr};

  mutable std::mutex label_mutex_;
  std::atomic<std::uint64_t> steps_{0};
  std::atomic<MonotonicClock::rep> held_since_{0};
  std::atomic<pthread_t> thread_{};
  std::atomic<bool> is_busy_{false};
  std::atomic<std::uint64_t> turns_{0};
  std::atomic<std::uint64_t> fibers_in_flight_{0};
  std::atomic<std::uint64_t> fibers_in_flight_max_{0};
  std::atomic<std::uint64_t> fibers_refused_{0};
  std::atomic<std::uint64_t> lag_us_last_{0};
  std::atomic<std::uint64_t> lag_us_max_{0};
  std::atomic<std::uint64_t> blocked_count_{0};
  FiberPool pool_;  // last: its fibers' timers leave the heap before the heap ends
};

}  // namespace calixo::host
