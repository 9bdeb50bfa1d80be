// A held loop is named, once a hold; an idle or a busy one isn't.
#include "runtime/watchdog.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "loop_driver.hpp"
#include "runtime/completion.hpp"

namespace calixo::host {
namespace {

using std::chrono::milliseconds;

struct Reports {
  Watchdog::Report collector() {
    return [this](std::string_view label, milliseconds held) {
      const std::lock_guard lock(mutex);
      labels.emplace_back(label);
      EXPECT_GE(held, milliseconds(5));
      ++count;
    };
  }
  std::vector<std::string> all() {
    const std::lock_guard lock(mutex);
    return labels;
  }
  // Holds the calling thread until the given number of reports came.
  void hold_until(int wanted) const {
    while (count < wanted) std::this_thread::yield();
  }

  std::mutex mutex;
  std::vector<std::string> labels;
  std::atomic<int> count{0};
};

// What the loop runs while a watchdog with a threshold of 5 ms looks on.
EventLoop::Stats run_watched(Reports& reports, Task task) {
  EventLoop loop({});
  loop.post(std::move(task));
  {
    const Watchdog watchdog({&loop}, milliseconds(5), reports.collector());
    loop.run();
  }
  return loop.stats();
}

TEST(Watchdog, NamesTheFiberThatHoldsItsLoop) {
  Reports reports;
  const auto stats = run_watched(reports, [&reports] {
    EventLoop::current()->spawn([&reports] {
      Fiber::current()->set_label("plank POST /api/plank");
      reports.hold_until(1);
      EventLoop::current()->stop();
    });
  });
  EXPECT_EQ(reports.all(), std::vector<std::string>{"plank POST /api/plank"});
  EXPECT_EQ(stats.blocked_count, 1U);
}

TEST(Watchdog, NamesTheLoopWhereNoFiberRuns) {
  Reports reports;
  run_watched(reports, [&reports] {
    reports.hold_until(1);
    EventLoop::current()->stop();
  });
  EXPECT_EQ(reports.all(), std::vector<std::string>{"loop"});
}

TEST(Watchdog, ReportsEachHoldOnceAndAnIdleLoopNever) {
  Reports reports;
  run_watched(reports, [&reports] {
    EventLoop::current()->spawn([&reports] {
      Fiber::current()->set_label("first");
      reports.hold_until(1);
      EXPECT_EQ(sleep_for(milliseconds(40)), WaitStatus::ready);  // idle for eight thresholds
      Fiber::current()->set_label("second");
      reports.hold_until(2);
      EventLoop::current()->stop();
    });
  });
  EXPECT_EQ(reports.all(), (std::vector<std::string>{"first", "second"}));
}

TEST(Watchdog, GivesUpALoopThatIsHeldBeyondAllMeasureOnce) {
  EventLoop loop({});
  std::atomic<int> stuck{0};
  std::atomic<milliseconds> held_by_others{milliseconds(0)};
  loop.post([&] {
    EventLoop::current()->spawn([&] {
      Fiber::current()->set_label("plank POST /api/plank");
      while (stuck == 0) std::this_thread::yield();
      EventLoop::current()->stop();
    });
  });
  {
    const Watchdog watchdog(
        {&loop}, Watchdog::Limits{milliseconds(5), milliseconds(20)},
        [](std::string_view, milliseconds) {},
        [&](std::string_view label, milliseconds held) {
          EXPECT_EQ(label, "plank POST /api/plank");
          EXPECT_GE(held, milliseconds(20));
          held_by_others = loop.held_for();
          ++stuck;
        });
    loop.run();
  }
  EXPECT_EQ(stuck, 1);
  EXPECT_GE(held_by_others.load(), milliseconds(20));
}

TEST(Watchdog, ALabelIsForgottenWithItsFiber) {
  Reports reports;
  run_watched(reports, [&reports] {
    EventLoop* const loop = EventLoop::current();
    loop->spawn([] {
      const std::string short_lived = "a text that ends with the fiber's body, not in place";
      Fiber::current()->set_label(short_lived);
      Fiber::current()->set_label({});
    });
    loop->defer([loop, &reports] {
      loop->spawn([loop, &reports] {
        reports.hold_until(1);
        loop->stop();
      });
    });
  });
  EXPECT_EQ(reports.all(), std::vector<std::string>{"loop"});
}

}  // namespace
}  // namespace calixo::host
