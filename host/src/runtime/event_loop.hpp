// One epoll loop on one thread: descriptors, timers, fibers and tasks handed over by other threads.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "runtime/deadline.hpp"
#include "runtime/fiber.hpp"
#include "runtime/task.hpp"

namespace calixo::host {

class LoopCore;
class TimerHeap;

class EventLoop {
 public:
  struct Options {
    std::size_t fiber_stack_bytes = 1024 * 1024;  // lazily committed, with a guard page
    // In flight; spawn answers nullptr beyond. Each takes two of the process's memory mappings,
    // of which Linux grants 65,530 unless vm.max_map_count is raised.
    std::size_t fibers_max = 20000;
    std::size_t fibers_idle_max = 64;  // kept with their stacks for the next request, for good
  };

  explicit EventLoop(const Options& options);
  ~EventLoop();

  // The loop of this thread, also from within its fibers; nullptr elsewhere.
  static EventLoop* current();

  // Runs until stop() was called, the last fiber has ended and what was posted has run. Binds to
  // the calling thread. Once.
  // An exception that a task, a watcher or a fiber lets escape ends the process.
  void run();
  // Cancels every fiber, also those started later, and lets run() return when they ended.
  void stop();  // [any-thread]

  // Runs the task on the loop, soon. [any-thread]
  void post(Task task);
  // Runs the task at the end of the present turn, before the loop polls again: for flushing what
  // a turn has gathered, once. [loop]
  void defer(Task task);

  // Starts a fiber; it runs before the present turn ends. nullptr past fibers_max, or where the
  // system has no memory for a stack. The pointer is good until the body ends. [loop]
  Fiber* spawn(Task body);

  // Called with epoll's events (EPOLLIN, EPOLLOUT, …) of a watched descriptor. [loop]
  class Watcher {
   public:
    virtual void on_ready(std::uint32_t events) = 0;

   protected:
    ~Watcher() = default;
  };
  // events as for epoll_ctl, EPOLLET allowed. A watcher that was removed gets no further call, even
  // for events already polled. [loop]
  void watch(int descriptor, std::uint32_t events, Watcher* watcher);
  void rewatch(int descriptor, std::uint32_t events, Watcher* watcher);
  void unwatch(int descriptor, Watcher* watcher);

  // A timer that its owner embeds: arming, re-arming and cancelling allocate nothing. The task
  // may re-arm, cancel or, as its last act, destroy its own timer.
  class Timer {
   public:
    explicit Timer(Task on_fire) : on_fire_(std::move(on_fire)) {}
    ~Timer();  // cancels
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    void arm(EventLoop& loop, Deadline at);  // [loop]
    void cancel();                           // [loop]
    bool is_armed() const { return heap_ != nullptr; }

   private:
    friend class TimerHeap;
    Task on_fire_;
    TimerHeap* heap_ = nullptr;
    std::size_t heap_index_ = 0;
  };

  // The time of the present turn: a clock read a turn, not a call. [loop]
  MonotonicClock::time_point now() const;

  struct Stats {
    std::uint64_t turns = 0;
    std::uint64_t fibers_in_flight = 0;
    std::uint64_t fibers_in_flight_max = 0;
    std::uint64_t fibers_refused = 0;
    std::uint64_t lag_us_last = 0;  // how late the last timer fired
    std::uint64_t lag_us_max = 0;
    std::uint64_t blocked_count = 0;  // times the watchdog found the loop held
  };
  Stats stats() const;  // [any-thread], relaxed
  // For how long the present piece of work has held the loop, where the watchdog found it beyond
  // its threshold; else 0. [any-thread]
  std::chrono::milliseconds held_for() const;

 private:
  friend class LoopCore;
  std::unique_ptr<LoopCore> core_;
};

}  // namespace calixo::host
