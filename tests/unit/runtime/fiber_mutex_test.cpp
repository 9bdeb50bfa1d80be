// The lock that fibers of any loop and worker threads share.
#include "runtime/fiber_mutex.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "loop_driver.hpp"

namespace calixo::host {
namespace {

using std::chrono::milliseconds;
using testing::run_in_fiber;

TEST(FiberMutex, IsHeldAcrossSuspensionsByOneFiberAtATime) {
  int inside = 0;
  int entered = 0;
  FiberMutex mutex;
  run_in_fiber([&] {
    Completion all;
    for (int i = 0; i < 20; ++i) {
      EventLoop::current()->spawn([&, handle = all.handle()] {
        EXPECT_EQ(mutex.lock(), WaitStatus::ready);
        EXPECT_EQ(++inside, 1);
        EXPECT_EQ(sleep_for(std::chrono::milliseconds(0)), WaitStatus::ready);
        --inside;
        if (++entered == 20) handle.complete();
        mutex.unlock();
      });
    }
    EXPECT_EQ(all.wait(), WaitStatus::ready);
  });
  EXPECT_EQ(entered, 20);
}

TEST(FiberMutex, IsGrantedInTheOrderOfAsking) {
  std::vector<int> order;
  FiberMutex mutex;
  run_in_fiber([&] {
    EXPECT_EQ(mutex.lock(), WaitStatus::ready);
    Completion all;
    for (int i = 0; i < 10; ++i) {
      EventLoop::current()->spawn([&, i, handle = all.handle()] {
        EXPECT_EQ(mutex.lock(), WaitStatus::ready);
        order.push_back(i);
        if (order.size() == 10) handle.complete();
        mutex.unlock();
      });
    }
    EXPECT_EQ(sleep_for(milliseconds(1)), WaitStatus::ready);
    mutex.unlock();
    // Whoever asks now comes last: the lock is handed over, never up for grabs.
    EXPECT_EQ(mutex.lock(), WaitStatus::ready);
    EXPECT_EQ(order.size(), 10U);
    mutex.unlock();
    EXPECT_EQ(all.wait(), WaitStatus::ready);
  });
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(FiberMutex, ServesFibersOfTwoLoopsAndTwoThreadsAlike) {
  constexpr int kRounds = 500;
  FiberMutex mutex;
  int counter = 0;  // guarded by the mutex alone
  const auto count_up = [&] {
    for (int i = 0; i < kRounds; ++i) {
      ASSERT_EQ(mutex.lock(), WaitStatus::ready);
      ++counter;
      mutex.unlock();
    }
  };
  {
    std::thread first(count_up);
    std::thread second(count_up);
    testing::LoopThread other;
    Completion ended;
    other.loop().post([&, handle = ended.handle()] {
      EventLoop::current()->spawn([&, handle] {
        count_up();
        handle.complete();
      });
    });
    run_in_fiber(count_up);
    EXPECT_EQ(ended.wait(), WaitStatus::ready);
    first.join();
    second.join();
  }
  EXPECT_EQ(counter, 4 * kRounds);
}

TEST(FiberMutex, AWaiterThatGaveUpDoesNotHoldItAndIsPassedOver) {
  FiberMutex mutex;
  run_in_fiber([&mutex] {
    EXPECT_EQ(mutex.lock(), WaitStatus::ready);
    std::vector<WaitStatus> answers(3, WaitStatus::ready);
    EventLoop& loop = *EventLoop::current();
    loop.spawn([&] { answers[0] = mutex.lock(Deadline::in(milliseconds(1))); });
    Fiber* const cancelled = loop.spawn([&] { answers[1] = mutex.lock(); });
    loop.spawn([&] {
      answers[2] = mutex.lock();
      mutex.unlock();
    });
    while (answers[0] == WaitStatus::ready) sleep_for(milliseconds(1));
    cancelled->cancel();
    while (answers[1] == WaitStatus::ready) sleep_for(milliseconds(1));
    mutex.unlock();
    EXPECT_EQ(mutex.lock(), WaitStatus::ready);
    mutex.unlock();
    EXPECT_EQ(answers,
              (std::vector{WaitStatus::timed_out, WaitStatus::cancelled, WaitStatus::ready}));
  });
}

TEST(FiberMutex, AThreadGivesUpAtItsDeadline) {
  FiberMutex mutex;
  EXPECT_EQ(mutex.lock(), WaitStatus::ready);
  std::thread other(
      [&mutex] { EXPECT_EQ(mutex.lock(Deadline::in(milliseconds(1))), WaitStatus::timed_out); });
  other.join();
  mutex.unlock();
}

}  // namespace
}  // namespace calixo::host
