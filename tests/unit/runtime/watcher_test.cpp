// Descriptors: who gets their events, and who no longer does.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <system_error>

#include "loop_driver.hpp"
#include "runtime/completion.hpp"
#include "runtime/event_loop.hpp"

namespace calixo::host {
namespace {

using std::chrono::milliseconds;
using testing::run_in_fiber;

struct Pipe {
  Pipe() { EXPECT_EQ(::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC), 0); }
  ~Pipe() {
    close_reader();
    ::close(ends[1]);
  }
  int reader() const { return ends[0]; }
  void close_reader() {
    if (ends[0] >= 0) ::close(ends[0]);
    ends[0] = -1;
  }
  void fill() const { EXPECT_EQ(::write(ends[1], "x", 1), 1); }
  void drain() const {
    char taken = 0;
    EXPECT_EQ(::read(ends[0], &taken, 1), 1);
  }
  std::array<int, 2> ends{};
};

struct Calls final : EventLoop::Watcher {
  void on_ready(std::uint32_t events) override {
    ++count;
    last_events = events;
    if (then) then();
  }
  int count = 0;
  std::uint32_t last_events = 0;
  std::function<void()> then;
};

TEST(Watcher, IsCalledWithTheEventsOfItsDescriptor) {
  run_in_fiber([] {
    EventLoop& loop = *EventLoop::current();
    const Pipe pipe;
    Calls calls;
    Completion called;
    calls.then = [&pipe, handle = called.handle()] {
      pipe.drain();
      handle.complete();
    };
    loop.watch(pipe.reader(), EPOLLIN, &calls);
    pipe.fill();
    EXPECT_EQ(called.wait(), WaitStatus::ready);
    EXPECT_EQ(calls.last_events, static_cast<std::uint32_t>(EPOLLIN));
    loop.unwatch(pipe.reader(), &calls);
  });
}

TEST(Watcher, EdgeTriggeredIsCalledOncePerEdge) {
  run_in_fiber([] {
    EventLoop& loop = *EventLoop::current();
    const Pipe pipe;
    Calls calls;
    loop.watch(pipe.reader(), EPOLLIN | EPOLLET, &calls);
    pipe.fill();
    EXPECT_EQ(sleep_for(milliseconds(3)), WaitStatus::ready);
    EXPECT_EQ(calls.count, 1);
    loop.unwatch(pipe.reader(), &calls);
  });
}

TEST(Watcher, RemovedByAnotherInTheSamePollGetsNoCall) {
  run_in_fiber([] {
    EventLoop& loop = *EventLoop::current();
    const Pipe first_pipe;
    const Pipe second_pipe;
    Calls first;
    Calls second;
    const auto remove_both = [&] {
      loop.unwatch(first_pipe.reader(), &first);
      loop.unwatch(second_pipe.reader(), &second);
    };
    first.then = second.then = remove_both;
    loop.watch(first_pipe.reader(), EPOLLIN, &first);
    loop.watch(second_pipe.reader(), EPOLLIN, &second);
    first_pipe.fill();
    second_pipe.fill();
    EXPECT_EQ(sleep_for(milliseconds(3)), WaitStatus::ready);
    EXPECT_EQ(first.count + second.count, 1);
  });
}

TEST(Watcher, OfAReusedDescriptorNumberGetsNoEventOfItsPredecessor) {
  run_in_fiber([] {
    EventLoop& loop = *EventLoop::current();
    Pipe polled_first;
    Pipe polled_second;
    Pipe fresh;
    Calls first;
    Calls second;
    Calls successor;
    // Whichever comes first closes the other's descriptor and watches a fresh one in its place.
    const auto replace = [&](Pipe& other, Calls& others_calls) {
      loop.unwatch(other.reader(), &others_calls);
      EXPECT_EQ(::dup2(fresh.reader(), other.reader()), other.reader());
      loop.watch(other.reader(), EPOLLIN, &successor);
    };
    first.then = [&] {
      polled_first.drain();
      replace(polled_second, second);
    };
    second.then = [&] {
      polled_second.drain();
      replace(polled_first, first);
    };
    loop.watch(polled_first.reader(), EPOLLIN, &first);
    loop.watch(polled_second.reader(), EPOLLIN, &second);
    polled_first.fill();
    polled_second.fill();
    EXPECT_EQ(sleep_for(milliseconds(3)), WaitStatus::ready);
    EXPECT_EQ(first.count + second.count, 1);
    EXPECT_EQ(successor.count, 0);
  });
}

TEST(Watcher, RewatchedIsCalledForTheNewEventsOnly) {
  run_in_fiber([] {
    EventLoop& loop = *EventLoop::current();
    const Pipe pipe;
    Calls calls;
    loop.watch(pipe.reader(), EPOLLIN, &calls);
    loop.rewatch(pipe.reader(), 0, &calls);
    pipe.fill();
    EXPECT_EQ(sleep_for(milliseconds(3)), WaitStatus::ready);
    EXPECT_EQ(calls.count, 0);
    loop.unwatch(pipe.reader(), &calls);
  });
}

TEST(Watcher, UnwatchAfterCloseOrByAnotherIsHarmless) {
  run_in_fiber([] {
    EventLoop& loop = *EventLoop::current();
    Pipe pipe;
    Calls calls;
    Calls stranger;
    loop.watch(pipe.reader(), EPOLLIN, &calls);
    loop.unwatch(pipe.reader(), &stranger);
    Completion called;
    calls.then = [&pipe, handle = called.handle()] {
      pipe.drain();
      handle.complete();
    };
    pipe.fill();
    EXPECT_EQ(called.wait(), WaitStatus::ready);
    const int number = pipe.reader();
    pipe.close_reader();
    loop.unwatch(number, &calls);
  });
}

TEST(Watcher, ASecondOneForTheSameDescriptorIsRefusedAndTheFirstGoesOn) {
  run_in_fiber([] {
    EventLoop& loop = *EventLoop::current();
    const Pipe pipe;
    Calls first;
    Calls second;
    Completion called;
    first.then = [&pipe, handle = called.handle()] {
      pipe.drain();
      handle.complete();
    };
    loop.watch(pipe.reader(), EPOLLIN, &first);
    EXPECT_THROW(loop.watch(pipe.reader(), EPOLLIN, &second), std::system_error);
    pipe.fill();
    EXPECT_EQ(called.wait(), WaitStatus::ready);
    EXPECT_EQ(second.count, 0);
    loop.unwatch(pipe.reader(), &first);
  });
}

TEST(Watcher, OfADescriptorThatEpollRefusesIsAnError) {
  run_in_fiber([] {
    Calls calls;
    EXPECT_THROW(EventLoop::current()->watch(-1, EPOLLIN, &calls), std::system_error);
    EXPECT_THROW(EventLoop::current()->watch(999'999, EPOLLIN, &calls), std::system_error);
  });
}

}  // namespace
}  // namespace calixo::host
