// Work on other threads: bounded, waited for, its exceptions brought back.
#include "runtime/worker_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

#include "loop_driver.hpp"
#include "runtime/completion.hpp"

namespace calixo::host {
namespace {

using std::chrono::milliseconds;
using testing::run_in_fiber;

TEST(WorkerPool, RunsWorkOnAnotherThreadWhileTheLoopGoesOn) {
  WorkerPool pool({.threads = 1});
  run_in_fiber([&pool] {
    std::promise<void> loop_went_on;
    EventLoop::current()->defer([&loop_went_on] { loop_went_on.set_value(); });
    const auto loop_thread = std::this_thread::get_id();
    auto work_thread = loop_thread;
    EXPECT_TRUE(pool.run([&] {
      loop_went_on.get_future().wait();  // would hang here if the loop were blocked
      work_thread = std::this_thread::get_id();
    }));
    EXPECT_NE(work_thread, loop_thread);
  });
}

TEST(WorkerPool, BringsAnExceptionOfTheWorkBackToTheFiber) {
  WorkerPool pool({.threads = 2});
  run_in_fiber([&pool] {
    std::string seen;
    try {
      pool.run([] { throw std::runtime_error("from the worker"); });
    } catch (const std::runtime_error& failure) {
      seen = failure.what();
    }
    EXPECT_EQ(seen, "from the worker");
    EXPECT_TRUE(pool.run([] {}));
  });
}

TEST(WorkerPool, WaitsForTheWorkEvenWhereTheCallerIsCancelled) {
  WorkerPool pool({.threads = 1});
  run_in_fiber([&pool] {
    std::promise<void> may_end;
    Fiber* const self = Fiber::current();
    self->set_deadline(Deadline(MonotonicClock::time_point::min()));
    EventLoop::current()->defer([self, &may_end] {
      self->cancel();
      may_end.set_value();
    });
    bool has_ended = false;
    EXPECT_TRUE(pool.run([&] {
      may_end.get_future().wait();
      has_ended = true;
    }));
    EXPECT_TRUE(has_ended);
  });
}

TEST(WorkerPool, RefusesPastTheQueueLimit) {
  std::promise<void> is_held;
  std::promise<void> may_end;
  WorkerPool pool({.threads = 1, .queue_length_max = 1});
  EXPECT_TRUE(pool.submit([&] {
    is_held.set_value();
    may_end.get_future().wait();
  }));
  is_held.get_future().wait();
  EXPECT_TRUE(pool.submit([] {}));
  EXPECT_EQ(pool.queue_length(), 1U);
  EXPECT_FALSE(pool.submit([] {}));
  run_in_fiber([&pool] { EXPECT_FALSE(pool.run([] { ADD_FAILURE() << "refused work ran"; })); });
  may_end.set_value();
}

TEST(WorkerPool, RunFromOneOfItsOwnThreadsDoesNotDeadlock) {
  std::promise<bool> answer;
  WorkerPool pool({.threads = 1});
  EXPECT_TRUE(pool.submit([&] {
    bool is_run = false;
    const bool is_accepted = pool.run([&is_run] { is_run = true; });
    answer.set_value(is_accepted && is_run);
  }));
  EXPECT_TRUE(answer.get_future().get());
}

TEST(WorkerPool, FinishesWhatIsQueuedBeforeItEnds) {
  std::atomic<int> done{0};
  {
    WorkerPool pool({.threads = 3});
    for (int i = 0; i < 500; ++i) EXPECT_TRUE(pool.submit([&done] { ++done; }));
  }
  EXPECT_EQ(done, 500);
}

TEST(WorkerPool, AWorkerThreadMayWaitForAFiber) {
  testing::LoopThread other;
  std::promise<WaitStatus> answer;
  WorkerPool pool({.threads = 1});
  EXPECT_TRUE(pool.submit([&] {
    Completion done;
    other.loop().post(
        [handle = done.handle()] { EventLoop::current()->spawn([handle] { handle.complete(); }); });
    answer.set_value(done.wait());
  }));
  EXPECT_EQ(answer.get_future().get(), WaitStatus::ready);
}

}  // namespace
}  // namespace calixo::host
