// Fibers: what is theirs alone, how many there may be, and how they end.
#include "runtime/fiber.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "loop_driver.hpp"
#include "runtime/completion.hpp"

#if defined(__SANITIZE_THREAD__)
constexpr int kManyFibers = 2000;  // ThreadSanitizer counts each as a thread and has room for 8,000
#else
constexpr int kManyFibers = 10'000;
#endif

namespace calixo::host {
namespace {

using std::chrono::milliseconds;
using testing::run_in_fiber;
using testing::run_on_loop;

// Suspends once, so that the other ready fibers run.
void yield() {
  Completion turn;
  EventLoop::current()->defer([handle = turn.handle()] { handle.complete(); });
  turn.wait();
}

TEST(Fiber, SuspendedInACatchBlockKeepsItsOwnException) {
  std::vector<std::string> seen;
  const auto fail_with = [&seen](const char* text) {
    return [&seen, text] {
      try {
        throw std::runtime_error(text);
      } catch (const std::runtime_error&) {
        yield();
        try {
          throw;  // what is handled here, not what the other fiber handles
        } catch (const std::runtime_error& failure) {
          seen.emplace_back(failure.what());
          yield();
        }
        const auto handled = std::current_exception();
        yield();
        EXPECT_EQ(handled, std::current_exception());
      }
      EXPECT_EQ(std::current_exception(), nullptr);
    };
  };
  run_in_fiber([&] {
    EventLoop::current()->spawn(fail_with("first"));
    EventLoop::current()->spawn(fail_with("second"));
    yield();
    EXPECT_EQ(std::current_exception(), nullptr);
    for (int i = 0; i < 4; ++i) yield();
  });
  EXPECT_EQ(seen, (std::vector<std::string>{"first", "second"}));
}

TEST(Fiber, SuspendedWhileUnwindingKeepsItsCountOfExceptionsInFlight) {
  struct SuspendsInDestructor {
    ~SuspendsInDestructor() {
      EXPECT_EQ(std::uncaught_exceptions(), 1);
      yield();
      EXPECT_EQ(std::uncaught_exceptions(), 1);
    }
  };
  int seen_by_other = -1;
  run_in_fiber([&] {
    EventLoop::current()->spawn([] {
      try {
        const SuspendsInDestructor suspends;
        throw std::runtime_error("unwinds");
      } catch (const std::runtime_error&) {
      }
    });
    EventLoop::current()->spawn([&] { seen_by_other = std::uncaught_exceptions(); });
    yield();
    yield();
  });
  EXPECT_EQ(seen_by_other, 0);
}

TEST(Fiber, IsCurrentOnlyWithinItself) {
  EXPECT_EQ(Fiber::current(), nullptr);
  Fiber* spawned = nullptr;
  run_on_loop([&spawned] {
    EXPECT_EQ(Fiber::current(), nullptr);
    spawned = EventLoop::current()->spawn([&spawned] {
      EXPECT_EQ(Fiber::current(), spawned);
      yield();
      EXPECT_EQ(Fiber::current(), spawned);
      EventLoop::current()->stop();
    });
    EventLoop::current()->defer([] { EXPECT_EQ(Fiber::current(), nullptr); });
  });
  EXPECT_NE(spawned, nullptr);
}

TEST(Fiber, TenThousandAreSuspendedAtOnceAndAllEnd) {
  int ended = 0;
  const auto stats = run_in_fiber([&ended] {
    std::vector<Completion::Handle> waiting;
    for (int i = 0; i < kManyFibers; ++i) {
      ASSERT_NE(EventLoop::current()->spawn([&] {
        Completion turn;
        waiting.push_back(turn.handle());
        EXPECT_EQ(turn.wait(), WaitStatus::ready);
        ++ended;
      }),
                nullptr);
    }
    while (waiting.size() < static_cast<std::size_t>(kManyFibers)) yield();
    EXPECT_EQ(ended, 0);
    for (const auto& handle : waiting) handle.complete();
    while (ended < kManyFibers) yield();
  });
  EXPECT_EQ(ended, kManyFibers);
  EXPECT_EQ(stats.fibers_in_flight, 0U);
  EXPECT_EQ(stats.fibers_in_flight_max, static_cast<std::uint64_t>(kManyFibers) + 1);
}

TEST(Fiber, IsRefusedPastTheLimitAndAcceptedAgainAfterwards) {
  const auto stats = run_in_fiber(
      [] {
        EventLoop& loop = *EventLoop::current();
        int ended = 0;
        const auto body = [&ended] {
          yield();
          ++ended;
        };
        EXPECT_NE(loop.spawn(body), nullptr);
        EXPECT_NE(loop.spawn(body), nullptr);
        EXPECT_EQ(loop.spawn(body), nullptr);
        while (ended < 2) yield();
        EXPECT_NE(loop.spawn(body), nullptr);
        while (ended < 3) yield();
      },
      {.fibers_max = 3});
  EXPECT_EQ(stats.fibers_refused, 1U);
  EXPECT_EQ(stats.fibers_in_flight_max, 3U);
}

TEST(Fiber, StartsAfreshOnAReusedContext) {
  run_in_fiber([] {
    Fiber* const first = EventLoop::current()->spawn([] {
      Fiber::current()->set_deadline(Deadline(MonotonicClock::time_point::min()));
      Fiber::current()->set_label("first");
    });
    first->cancel();
    yield();
    Completion ended;
    Fiber* const second = EventLoop::current()->spawn([handle = ended.handle()] {
      EXPECT_FALSE(Fiber::current()->is_cancelled());
      EXPECT_TRUE(Fiber::current()->deadline().is_never());
      EXPECT_EQ(sleep_for(milliseconds(1)), WaitStatus::ready);
      handle.complete();
    });
    EXPECT_EQ(first, second);
    EXPECT_EQ(ended.wait(), WaitStatus::ready);
  });
}

TEST(Fiber, ReleasesWhatItsBodyHeldWhenItEnds) {
  run_in_fiber([] {
    auto held = std::make_shared<int>(1);
    EventLoop::current()->spawn([held] {});
    EXPECT_EQ(held.use_count(), 2);
    yield();
    EXPECT_EQ(held.use_count(), 1);
  });
}

TEST(Fiber, TakesCapturesThatOnlyMove) {
  run_in_fiber([] {
    int seen = 0;
    EventLoop::current()->spawn([&seen, owned = std::make_unique<int>(5)] { seen = *owned; });
    yield();
    EXPECT_EQ(seen, 5);
  });
}

}  // namespace
}  // namespace calixo::host
