// Waiting: who completes, who gives up, and that neither harms the other.
#include "runtime/completion.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "loop_driver.hpp"

namespace calixo::host {
namespace {

using std::chrono::milliseconds;
using testing::run_in_fiber;

TEST(Completion, AnswersReadyAtOnceWhereItWasCompletedBefore) {
  run_in_fiber([] {
    Completion done;
    done.handle().complete();
    EXPECT_EQ(done.wait(Deadline(MonotonicClock::time_point::min())), WaitStatus::ready);
  });
}

TEST(Completion, WakesAFiberOfTheSameLoop) {
  run_in_fiber([] {
    Completion done;
    int written = 0;
    EventLoop::current()->spawn([&written, handle = done.handle()] {
      written = 7;
      handle.complete();
    });
    EXPECT_EQ(done.wait(), WaitStatus::ready);
    EXPECT_EQ(written, 7);
  });
}

TEST(Completion, WakesAFiberFromAnotherThread) {
  run_in_fiber([] {
    Completion done;
    int written = 0;
    std::thread other([&written, handle = done.handle()] {
      written = 7;
      handle.complete();
    });
    EXPECT_EQ(done.wait(), WaitStatus::ready);
    EXPECT_EQ(written, 7);
    other.join();
  });
}

TEST(Completion, WakesAFiberOfAnotherLoop) {
  testing::LoopThread other;
  run_in_fiber([&other] {
    for (int i = 0; i < 100; ++i) {
      Completion done;
      other.loop().post([handle = done.handle()] {
        EventLoop::current()->spawn([handle] { handle.complete(); });
      });
      ASSERT_EQ(done.wait(), WaitStatus::ready);
    }
  });
}

TEST(Completion, BlocksAThreadUntilAFiberCompletesIt) {
  testing::LoopThread other;
  Completion done;
  int written = 0;
  other.loop().post([&written, handle = done.handle()] {
    EventLoop::current()->spawn([&written, handle] {
      written = 7;
      handle.complete();
    });
  });
  EXPECT_EQ(done.wait(), WaitStatus::ready);
  EXPECT_EQ(written, 7);
}

TEST(Completion, TimesOutOnAThread) {
  Completion never_completed;
  EXPECT_EQ(never_completed.wait(Deadline::in(milliseconds(1))), WaitStatus::timed_out);
  never_completed.handle().complete();
}

TEST(Completion, OnlyTheFirstOfSeveralCompletionsCounts) {
  run_in_fiber([] {
    Completion done;
    EventLoop::current()->spawn([handle = done.handle(), again = done.handle()] {
      handle.complete();
      again.complete();
      handle.complete();
    });
    EXPECT_EQ(done.wait(), WaitStatus::ready);
    Completion next;  // a second wake-up would end this one
    EXPECT_EQ(next.wait(Deadline::in(milliseconds(1))), WaitStatus::timed_out);
  });
}

TEST(Completion, GivesUpAtTheGivenDeadline) {
  run_in_fiber([] {
    Completion never_completed;
    const Deadline deadline = Deadline::in(milliseconds(5));
    EXPECT_EQ(never_completed.wait(deadline), WaitStatus::timed_out);
    EXPECT_TRUE(deadline.has_passed());
  });
}

TEST(Completion, GivesUpAtTheFibersOwnDeadline) {
  run_in_fiber([] {
    Fiber::current()->set_deadline(Deadline::in(milliseconds(5)));
    Completion never_completed;
    EXPECT_EQ(never_completed.wait(Deadline::in(std::chrono::hours(1))), WaitStatus::timed_out);
    Completion another;
    EXPECT_EQ(another.wait(), WaitStatus::timed_out);
  });
}

TEST(Completion, AnEarlierDeadlineAfterALaterOneIsKept) {
  run_in_fiber([] {
    Completion first;
    EventLoop::current()->defer([handle = first.handle()] { handle.complete(); });
    EXPECT_EQ(first.wait(Deadline::in(std::chrono::hours(1))), WaitStatus::ready);
    Completion second;
    EXPECT_EQ(second.wait(Deadline::in(milliseconds(2))), WaitStatus::timed_out);
  });
}

TEST(Completion, ALaterDeadlineAfterAnEarlierOneIsNotCutShort) {
  run_in_fiber([] {
    Completion first;
    EventLoop::current()->defer([handle = first.handle()] { handle.complete(); });
    EXPECT_EQ(first.wait(Deadline::in(milliseconds(2))), WaitStatus::ready);
    Completion second;
    const Deadline deadline = Deadline::in(milliseconds(20));
    EXPECT_EQ(second.wait(deadline), WaitStatus::timed_out);
    EXPECT_TRUE(deadline.has_passed());
  });
}

TEST(Completion, ADeadlineSetOnAWaitingFiberEndsItsWait) {
  run_in_fiber([] {
    Fiber* const waiter = EventLoop::current()->spawn([] {
      Completion never_completed;
      EXPECT_EQ(never_completed.wait(), WaitStatus::timed_out);
    });
    EXPECT_EQ(sleep_for(milliseconds(1)), WaitStatus::ready);
    waiter->set_deadline(Deadline::in(milliseconds(1)));
    EXPECT_EQ(sleep_for(milliseconds(3)), WaitStatus::ready);
  });
}

TEST(Completion, CancellingTheFiberEndsItsPresentAndLaterWaits) {
  run_in_fiber([] {
    std::vector<WaitStatus> answers;
    Completion ended;
    Fiber* const waiter = EventLoop::current()->spawn([&answers, handle = ended.handle()] {
      answers.push_back(Completion().wait());
      answers.push_back(sleep_for(std::chrono::hours(1)));
      handle.complete();
    });
    EventLoop::current()->defer([waiter] { waiter->cancel(); });
    EXPECT_EQ(ended.wait(), WaitStatus::ready);
    EXPECT_EQ(answers, (std::vector{WaitStatus::cancelled, WaitStatus::cancelled}));
  });
}

TEST(Completion, ACompletionAfterTheWaiterLeftHasNoEffect) {
  std::optional<Completion::Handle> late;
  run_in_fiber([&late] {
    Completion given_up;
    late = given_up.handle();
    EXPECT_EQ(given_up.wait(Deadline::in(milliseconds(1))), WaitStatus::timed_out);
    late->complete();
    EXPECT_EQ(sleep_for(milliseconds(1)), WaitStatus::ready);
  });
  late->complete();  // its fiber and its loop are gone
}

TEST(Completion, ShieldKeepsCancellationAndTheFibersDeadlineFromEndingAWait) {
  run_in_fiber([] {
    Fiber* const self = Fiber::current();
    self->set_deadline(Deadline::in(milliseconds(1)));
    EventLoop::current()->defer([self] { self->cancel(); });
    {
      const Fiber::Shield outer;
      const Fiber::Shield inner;
      EXPECT_EQ(sleep_for(milliseconds(5)), WaitStatus::ready);
      EXPECT_EQ(Completion().wait(Deadline::in(milliseconds(1))), WaitStatus::timed_out);
    }
    EXPECT_TRUE(self->is_cancelled());
    EXPECT_EQ(sleep_for(milliseconds(5)), WaitStatus::cancelled);
  });
}

TEST(Completion, RacingCompletersAndDeadlinesNeverLoseOrDoubleAWakeUp) {
  run_in_fiber([] {
    std::atomic<bool> is_ending{false};
    std::mutex guard;
    std::vector<Completion::Handle> handles;
    std::thread completer([&] {
      while (!is_ending) {
        std::vector<Completion::Handle> taken;
        {
          const std::lock_guard lock(guard);
          taken.swap(handles);
        }
        for (const auto& handle : taken) handle.complete();
      }
    });
    int ready = 0;
    int timed_out = 0;
    for (int i = 0; i < 2000; ++i) {
      Completion raced;
      {
        const std::lock_guard lock(guard);
        handles.push_back(raced.handle());
      }
      const WaitStatus status =
          raced.wait(Deadline(MonotonicClock::now() + std::chrono::microseconds(i % 64)));
      ++(status == WaitStatus::ready ? ready : timed_out);
    }
    EXPECT_EQ(ready + timed_out, 2000);
    is_ending = true;
    completer.join();
  });
}

TEST(Sleep, LastsAtLeastItsDuration) {
  run_in_fiber([] {
    const auto start = MonotonicClock::now();
    EXPECT_EQ(sleep_for(milliseconds(3)), WaitStatus::ready);
    EXPECT_GE(MonotonicClock::now() - start, milliseconds(3));
  });
}

TEST(Deadline, TooFarForTheClockIsNever) {
  EXPECT_TRUE(Deadline::in(milliseconds::max()).is_never());
  EXPECT_FALSE(Deadline::in(std::chrono::hours(24 * 365)).is_never());
  EXPECT_FALSE(Deadline::never().has_passed());
}

}  // namespace
}  // namespace calixo::host
