// The loop itself: tasks from other threads, the end of a turn, and how it stops.
#include "runtime/event_loop.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "loop_driver.hpp"
#include "runtime/completion.hpp"

namespace calixo::host {
namespace {

using std::chrono::milliseconds;
using testing::run_in_fiber;
using testing::run_on_loop;

TEST(EventLoop, IsCurrentOnItsThreadWhileItRuns) {
  EventLoop loop({});
  EXPECT_EQ(EventLoop::current(), nullptr);
  loop.post([&loop] {
    EXPECT_EQ(EventLoop::current(), &loop);
    loop.spawn([&loop] { EXPECT_EQ(EventLoop::current(), &loop); });
    loop.stop();
  });
  loop.run();
  EXPECT_EQ(EventLoop::current(), nullptr);
}

TEST(EventLoop, RunsEveryTaskPostedByFourThreadsInEachOnesOrder) {
  constexpr int kThreads = 4;
  constexpr int kTasks = 5000;
  std::vector<std::vector<int>> seen(kThreads);
  {
    testing::LoopThread running;
    std::vector<std::thread> posters;
    for (auto& mine : seen) {
      posters.emplace_back([&mine, &loop = running.loop()] {
        for (int i = 0; i < kTasks; ++i) loop.post([&mine, i] { mine.push_back(i); });
      });
    }
    for (std::thread& poster : posters) poster.join();
  }
  for (const auto& mine : seen) {
    ASSERT_EQ(mine.size(), static_cast<std::size_t>(kTasks));
    for (int i = 0; i < kTasks; ++i) ASSERT_EQ(mine[static_cast<std::size_t>(i)], i);
  }
}

TEST(EventLoop, RunsASpawnedFiberAndThenWhatWasDeferredBeforeItPollsAgain) {
  std::vector<std::string> order;
  std::uint64_t turns = 0;
  std::uint64_t turns_at_deferred = 0;
  run_on_loop([&] {
    EventLoop* const loop = EventLoop::current();
    turns = loop->stats().turns;
    loop->defer([&, loop] {
      order.emplace_back("deferred");
      turns_at_deferred = loop->stats().turns;
      loop->stop();
    });
    loop->spawn([&] { order.emplace_back("fiber"); });
    order.emplace_back("task");
  });
  EXPECT_EQ(order, (std::vector<std::string>{"task", "fiber", "deferred"}));
  EXPECT_EQ(turns_at_deferred, turns);
}

TEST(EventLoop, RunsADeferredTaskOnce) {
  int runs = 0;
  run_in_fiber([&runs] {
    EventLoop::current()->defer([&runs] { ++runs; });
    for (int i = 0; i < 3; ++i) EXPECT_EQ(sleep_for(milliseconds(1)), WaitStatus::ready);
  });
  EXPECT_EQ(runs, 1);
}

TEST(EventLoop, FibersThatKeepWakingOneAnotherDoNotHoldOffPostedTasks) {
  bool is_posted_run = false;
  run_in_fiber([&is_posted_run] {
    EventLoop::current()->post([&is_posted_run] { is_posted_run = true; });
    while (!is_posted_run) {
      Completion turn;
      EventLoop::current()->spawn([handle = turn.handle()] { handle.complete(); });
      turn.wait();
    }
  });
  EXPECT_TRUE(is_posted_run);
}

TEST(EventLoop, StopRunsSuspendedFibersToTheirEnd) {
  std::vector<WaitStatus> answers;
  auto held = std::make_shared<int>(1);
  run_on_loop([&] {
    EventLoop* const loop = EventLoop::current();
    for (int i = 0; i < 3; ++i) {
      loop->spawn([&answers, held] { answers.push_back(sleep_for(std::chrono::hours(1))); });
    }
    loop->spawn([loop] { loop->stop(); });
  });
  EXPECT_EQ(answers, std::vector<WaitStatus>(3, WaitStatus::cancelled));
  EXPECT_EQ(held.use_count(), 1);
}

TEST(EventLoop, StopWaitsForAShieldedFiber) {
  WaitStatus answer = WaitStatus::cancelled;
  run_on_loop([&answer] {
    EventLoop* const loop = EventLoop::current();
    loop->spawn([&answer] {
      const Fiber::Shield shield;
      answer = sleep_for(milliseconds(10));
    });
    loop->spawn([loop] { loop->stop(); });
  });
  EXPECT_EQ(answer, WaitStatus::ready);
}

TEST(EventLoop, FibersStartedAfterStopAreCancelledFromTheirFirstWait) {
  WaitStatus answer = WaitStatus::ready;
  run_on_loop([&answer] {
    EventLoop* const loop = EventLoop::current();
    loop->spawn([&answer, loop] {
      EXPECT_EQ(sleep_for(std::chrono::hours(1)), WaitStatus::cancelled);
      loop->spawn([&answer] { answer = sleep_for(std::chrono::hours(1)); });
    });
    loop->stop();
  });
  EXPECT_EQ(answer, WaitStatus::cancelled);
}

TEST(EventLoop, StopBeforeRunIsHonouredAfterWhatWasPosted) {
  EventLoop loop({});
  bool is_run = false;
  loop.post([&is_run] { is_run = true; });
  loop.stop();
  loop.run();
  EXPECT_TRUE(is_run);
}

TEST(EventLoop, RunsWhatWasPostedBeforeItsLastFiberEnded) {
  bool is_run = false;
  run_in_fiber([&is_run] {
    EventLoop* const loop = EventLoop::current();
    loop->spawn([loop, &is_run] {
      EXPECT_EQ(sleep_for(std::chrono::hours(1)), WaitStatus::cancelled);
      loop->post([&is_run] { is_run = true; });
    });
  });
  EXPECT_TRUE(is_run);
}

TEST(EventLoop, DestroysWhatItNeverRan) {
  auto held = std::make_shared<int>(1);
  {
    EventLoop loop({});
    loop.post([held] {});
    loop.spawn([held] {});
    loop.defer([held] {});
    EXPECT_EQ(held.use_count(), 4);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Task, KeepsSmallCapturesAndAllocatedOnesAlike) {
  int sum = 0;
  std::array<int, 64> large{};
  large.fill(2);
  Task small([&sum] { sum += 1; });
  Task allocated([&sum, large] { sum += large[63]; });
  Task moved = std::move(small);
  moved();
  moved = std::move(allocated);
  moved();
  EXPECT_EQ(sum, 3);
  EXPECT_FALSE(static_cast<bool>(small));
  EXPECT_FALSE(static_cast<bool>(Task(std::function<void()>())));
}

}  // namespace
}  // namespace calixo::host
