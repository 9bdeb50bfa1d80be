// Runs a test's code on a loop of its own, on the test's thread, until it has ended.
#pragma once

#include <thread>
#include <utility>

#include "runtime/event_loop.hpp"

namespace calixo::host::testing {

// On the loop, outside of any fiber. The task must see to it that stop() is called.
inline EventLoop::Stats run_on_loop(Task task, const EventLoop::Options& options = {}) {
  EventLoop loop(options);
  loop.post(std::move(task));
  loop.run();
  return loop.stats();
}

// In a fiber; the loop stops after it, and runs on until the fibers it started have ended.
inline EventLoop::Stats run_in_fiber(Task body, const EventLoop::Options& options = {}) {
  return run_on_loop(
      [&body] {
        EventLoop* const loop = EventLoop::current();
        loop->spawn([&body, loop] {
          body();
          loop->stop();
        });
      },
      options);
}

// A loop on a thread of its own, stopped and joined at the end of the scope.
class LoopThread {
 public:
  LoopThread() : thread_([this] { loop_.run(); }) {}
  ~LoopThread() {
    loop_.stop();
    thread_.join();
  }
  EventLoop& loop() { return loop_; }

 private:
  EventLoop loop_{EventLoop::Options{}};
  std::thread thread_;
};

}  // namespace calixo::host::testing
