// Timers: order, re-arming, and cancelling from anywhere.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <random>
#include <vector>

#include "loop_driver.hpp"
#include "runtime/completion.hpp"
#include "runtime/event_loop.hpp"

namespace calixo::host {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::run_in_fiber;
using Timer = EventLoop::Timer;

TEST(Timer, FiresInOrderOfTimeWhateverTheOrderOfArming) {
  std::vector<int> fired;
  run_in_fiber([&fired] {
    EventLoop& loop = *EventLoop::current();
    std::vector<int> order(200);
    for (int i = 0; i < 200; ++i) order[static_cast<std::size_t>(i)] = i;
    std::shuffle(order.begin(), order.end(), std::minstd_rand(7));
    std::deque<Timer> timers;
    Completion last;
    for (const int i : order) {
      timers.emplace_back([&fired, i, handle = last.handle()] {
        fired.push_back(i);
        if (fired.size() == 200) handle.complete();
      });
      timers.back().arm(loop, Deadline(loop.now() + microseconds(50) * i));
    }
    EXPECT_EQ(last.wait(), WaitStatus::ready);
  });
  EXPECT_TRUE(std::is_sorted(fired.begin(), fired.end()));
  EXPECT_EQ(fired.size(), 200U);
}

TEST(Timer, NeverFiresBeforeItsTime) {
  run_in_fiber([] {
    const Deadline at = Deadline::in(milliseconds(3));
    Completion fired;
    Timer timer([&at, handle = fired.handle()] {
      EXPECT_TRUE(at.has_passed());
      handle.complete();
    });
    timer.arm(*EventLoop::current(), at);
    EXPECT_TRUE(timer.is_armed());
    EXPECT_EQ(fired.wait(), WaitStatus::ready);
    EXPECT_FALSE(timer.is_armed());
  });
}

TEST(Timer, ArmedAgainFiresOnceAtTheNewTime) {
  run_in_fiber([] {
    EventLoop& loop = *EventLoop::current();
    int fired = 0;
    Timer timer([&fired] { ++fired; });
    timer.arm(loop, Deadline::in(milliseconds(1)));
    timer.arm(loop, Deadline::in(std::chrono::hours(1)));
    EXPECT_EQ(sleep_for(milliseconds(5)), WaitStatus::ready);
    EXPECT_EQ(fired, 0);
    timer.arm(loop, Deadline::in(milliseconds(1)));
    EXPECT_EQ(sleep_for(milliseconds(5)), WaitStatus::ready);
    EXPECT_EQ(fired, 1);
  });
}

TEST(Timer, MayArmItselfAgainEvenForATimeThatHasPassed) {
  run_in_fiber([] {
    EventLoop& loop = *EventLoop::current();
    Completion enough;
    int fired = 0;
    Timer* self = nullptr;
    Timer timer([&, handle = enough.handle()] {
      if (++fired == 5) return handle.complete();
      self->arm(loop, Deadline(loop.now()));
    });
    self = &timer;
    timer.arm(loop, Deadline(loop.now()));
    EXPECT_EQ(enough.wait(), WaitStatus::ready);
    EXPECT_EQ(fired, 5);
  });
}

TEST(Timer, CancelledByAnotherTimerOfTheSameTimeDoesNotFire) {
  run_in_fiber([] {
    EventLoop& loop = *EventLoop::current();
    const Deadline at(loop.now());
    int fired = 0;
    Timer* other = nullptr;
    Timer first([&] {
      ++fired;
      other->cancel();
    });
    Timer second([&] {
      ++fired;
      first.cancel();
    });
    other = &second;
    first.arm(loop, at);
    second.arm(loop, at);
    EXPECT_EQ(sleep_for(milliseconds(2)), WaitStatus::ready);
    EXPECT_EQ(fired, 1);
  });
}

TEST(Timer, MayDestroyItselfAsItsLastAct) {
  run_in_fiber([] {
    struct Connection {
      explicit Connection(Completion::Handle handle) : ended(std::move(handle)) {}
      void on_idle() {
        const Completion::Handle handle = ended;
        delete this;
        handle.complete();
      }
      Completion::Handle ended;
      Timer idle{[this] { on_idle(); }};
    };
    Completion ended;
    auto* const connection = new Connection(ended.handle());
    connection->idle.arm(*EventLoop::current(), Deadline::in(milliseconds(1)));
    EXPECT_EQ(ended.wait(), WaitStatus::ready);
  });
}

TEST(Timer, CancellingAnyOfManyKeepsTheOthersInOrder) {
  std::vector<int> fired;
  run_in_fiber([&fired] {
    EventLoop& loop = *EventLoop::current();
    std::vector<std::unique_ptr<Timer>> timers;
    for (int i = 0; i < 300; ++i) {
      timers.push_back(std::make_unique<Timer>([&fired, i] { fired.push_back(i); }));
      timers.back()->arm(loop, Deadline(loop.now() + microseconds((i * 7919) % 300)));
    }
    for (std::size_t i = 0; i < timers.size(); i += 3) timers[i] = nullptr;
    EXPECT_EQ(sleep_for(milliseconds(5)), WaitStatus::ready);
  });
  EXPECT_EQ(fired.size(), 200U);
  EXPECT_TRUE(std::is_sorted(fired.begin(), fired.end(), [](int left, int right) {
    return (left * 7919) % 300 < (right * 7919) % 300;
  }));
}

TEST(Timer, LeftArmedMayOutliveItsLoop) {
  Timer timer([] { ADD_FAILURE() << "its time never comes"; });
  run_in_fiber([&timer] { timer.arm(*EventLoop::current(), Deadline::in(std::chrono::hours(1))); });
  EXPECT_FALSE(timer.is_armed());
}

TEST(Timer, LatenessIsCounted) {
  const auto stats = run_in_fiber([] {
    EventLoop& loop = *EventLoop::current();
    Completion fired;
    Timer timer([handle = fired.handle()] { handle.complete(); });
    timer.arm(loop, Deadline(loop.now() - milliseconds(7)));
    EXPECT_EQ(fired.wait(), WaitStatus::ready);
  });
  EXPECT_GE(stats.lag_us_max, 7000U);
}

}  // namespace
}  // namespace calixo::host
