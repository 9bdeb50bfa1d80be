// What starting, suspending and waking a fiber costs, each on one loop.
#include <benchmark/benchmark.h>

#include <memory>
#include <thread>
#include <vector>

#include "runtime/completion.hpp"
#include "runtime/event_loop.hpp"
#include "runtime/fiber_mutex.hpp"

namespace calixo::host {
namespace {

template <class Body>
void in_fiber(const Body& body) {
  EventLoop loop({});
  loop.post([&] {
    loop.spawn([&] {
      body(loop);
      loop.stop();
    });
  });
  loop.run();
}

// A batch of empty fibers, and one that wakes the measuring fiber after them.
void spawn_and_run(benchmark::State& state) {
  constexpr int kBatch = 64;
  in_fiber([&](EventLoop& loop) {
    while (state.KeepRunningBatch(kBatch)) {
      Completion ran;
      for (int i = 1; i < kBatch; ++i) loop.spawn([] {});
      loop.spawn([handle = ran.handle()] { handle.complete(); });
      ran.wait();
    }
  });
}
BENCHMARK(spawn_and_run);

// Two fibers that wake each other: an iteration is two suspensions and two resumptions.
void ping_pong(benchmark::State& state) {
  in_fiber([&](EventLoop& loop) {
    bool is_ending = false;
    Completion* ping = nullptr;
    Completion* pong = nullptr;
    Fiber* const partner = loop.spawn([&] {
      while (!is_ending) {
        Completion asked;
        ping = &asked;
        if (pong != nullptr) pong->handle().complete();
        asked.wait();
      }
    });
    benchmark::DoNotOptimize(partner);
    while (state.KeepRunning()) {
      Completion answered;
      pong = &answered;
      if (ping != nullptr) ping->handle().complete();
      answered.wait();
    }
    is_ending = true;
    ping->handle().complete();
    pong = nullptr;
  });
}
BENCHMARK(ping_pong);

// The same against a deadline of the fiber's own, as every request has one.
void wait_with_deadline(benchmark::State& state) {
  in_fiber([&](EventLoop& loop) {
    Fiber::current()->set_deadline(Deadline::in(std::chrono::hours(1)));
    while (state.KeepRunning()) {
      Completion ran;
      loop.spawn([handle = ran.handle()] { handle.complete(); });
      ran.wait();
    }
  });
}
BENCHMARK(wait_with_deadline);

void arm_and_cancel_timer_among_a_thousand(benchmark::State& state) {
  in_fiber([&](EventLoop& loop) {
    std::vector<std::unique_ptr<EventLoop::Timer>> others;
    for (int i = 0; i < 1000; ++i) {
      others.push_back(std::make_unique<EventLoop::Timer>([] {}));
      others.back()->arm(loop, Deadline::in(std::chrono::hours(1) + std::chrono::seconds(i)));
    }
    EventLoop::Timer timer([] {});
    while (state.KeepRunning()) {
      timer.arm(loop, Deadline(loop.now() + std::chrono::seconds(3900)));
      timer.cancel();
    }
  });
}
BENCHMARK(arm_and_cancel_timer_among_a_thousand);

void lock_uncontended(benchmark::State& state) {
  FiberMutex mutex;
  in_fiber([&](EventLoop&) {
    while (state.KeepRunning()) {
      benchmark::DoNotOptimize(mutex.lock());
      mutex.unlock();
    }
  });
}
BENCHMARK(lock_uncontended);

// There and back between two loops on two threads.
void post_to_another_loop_and_wait(benchmark::State& state) {
  EventLoop other({});
  std::thread thread([&other] { other.run(); });
  in_fiber([&](EventLoop&) {
    while (state.KeepRunning()) {
      Completion done;
      other.post([handle = done.handle()] { handle.complete(); });
      done.wait();
    }
  });
  other.stop();
  thread.join();
}
BENCHMARK(post_to_another_loop_and_wait)->UseRealTime();

}  // namespace
}  // namespace calixo::host
