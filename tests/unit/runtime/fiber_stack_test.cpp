// A fiber's stack: deep enough, and guarded where it ends.
#include "runtime/fiber_stack.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

#include "loop_driver.hpp"
#include "runtime/completion.hpp"

namespace calixo::host {
namespace {

using testing::run_in_fiber;

// Not inlined and not turned into a loop: each level takes a frame.
__attribute__((noinline)) int descend(int levels, volatile char* above) {
  volatile char frame[1024];
  std::memset(const_cast<char*>(frame), levels, sizeof frame);
  const int below = levels == 0 ? 0 : descend(levels - 1, frame);
  return below + (above == nullptr ? 0 : above[0]) + frame[7];
}

TEST(FiberStackDeathTest, OverflowHitsTheGuardAndNamesTheFiber) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto overflow = [] {
    run_in_fiber([] {
      Fiber::current()->set_label("challenges GET /api/challenges");
      descend(1'000'000, nullptr);
    });
  };
  EXPECT_DEATH(overflow(), "fiber stack overflow in challenges GET /api/challenges");
}

TEST(FiberStackDeathTest, AFaultInAFiberIsNamedAndStillKillsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto fault = [] {
    run_in_fiber([] {
      Fiber::current()->set_label("store POST /api/store/purchase");
      ::raise(SIGBUS);
    });
  };
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
  EXPECT_DEATH(fault(), "bus error in store POST");  // the sanitizer's handler exits by itself
#else
  EXPECT_EXIT(fault(), ::testing::KilledBySignal(SIGBUS), "bus error in store POST");
#endif
}

TEST(FiberStackDeathTest, AnEscapedExceptionEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(run_in_fiber([] { throw std::runtime_error("nobody catches this"); }),
               "nobody catches this");
}

// The sanitizers' red zones make a frame several times larger, and std::regex takes three a letter.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kLongTextBytes = 100;
#else
constexpr std::size_t kLongTextBytes = 500;
#endif

TEST(FiberStack, HoldsARegularExpressionOverALongText) {
  run_in_fiber([] {
    const std::string text(kLongTextBytes, 'a');
    EXPECT_TRUE(std::regex_match(text, std::regex("(a|b)*")));
  });
}

TEST(FiberStack, GuardsOnlyTheMemoryBelowIt) {
  FiberStack stack;
  ASSERT_TRUE(stack.map(256 * 1024));
  auto* const bottom = static_cast<std::byte*>(stack.bottom());
  EXPECT_TRUE(stack.guards(bottom - 1));
  EXPECT_TRUE(stack.guards(bottom - FiberStack::kGuardBytes));
  EXPECT_FALSE(stack.guards(bottom));
  EXPECT_FALSE(stack.guards(bottom - FiberStack::kGuardBytes - 1));
}

TEST(FiberStack, CommitsMemoryOnlyWhereItIsTouchedAndReturnsItWhenTrimmed) {
  FiberStack stack;
  ASSERT_TRUE(stack.map(1024 * 1024));
  const auto committed = [&stack] {
    std::vector<unsigned char> pages(stack.bytes() / 4096);
    EXPECT_EQ(::mincore(stack.bottom(), stack.bytes(), pages.data()), 0);
    std::size_t count = 0;
    for (const unsigned char page : pages) count += page & 1;
    return count;
  };
  EXPECT_EQ(committed(), 0U);
  std::memset(stack.bottom(), 1, stack.bytes());
  EXPECT_EQ(committed(), 256U);
  stack.trim(16 * 1024);
  EXPECT_EQ(committed(), 4U);
}

// Whether the page is in memory; false also where nothing is mapped any more.
bool is_resident(std::uintptr_t page) {
  unsigned char state = 0;
  return ::mincore(reinterpret_cast<void*>(page), 1, &state) == 0 && (state & 1) != 0;
}

TEST(FiberStack, DeepPartsAndABurstsSurplusSoonGoBackToTheSystem) {
  const auto body = [] {
    std::vector<std::uintptr_t> deep_pages;
    std::vector<Completion::Handle> waiting;
    for (int i = 0; i < 50; ++i) {
      EventLoop::current()->spawn([&] {
        char here = 0;
        deep_pages.push_back((reinterpret_cast<std::uintptr_t>(&here) - 200 * 1024) & ~4095UL);
        descend(300, nullptr);
        EXPECT_TRUE(is_resident(deep_pages.back()));
        Completion turn;
        waiting.push_back(turn.handle());
        turn.wait();
      });
    }
    while (waiting.size() < 50) sleep_for(std::chrono::milliseconds(1));
    for (const auto& handle : waiting) handle.complete();
    const auto count = [&] {
      return std::count_if(deep_pages.begin(), deep_pages.end(), &is_resident);
    };
    while (count() > 0) sleep_for(std::chrono::milliseconds(10));
  };
  run_in_fiber(body, {.fibers_idle_max = 4});
}

TEST(FiberStack, RefusesWhatTheSystemCannotMap) {
  FiberStack stack;
  EXPECT_FALSE(stack.map(std::size_t{1} << 60));
}

TEST(FiberStack, ASpawnWithoutMemoryForItsStackIsRefused) {
  EventLoop loop({.fiber_stack_bytes = std::size_t{1} << 60});
  loop.post([&loop] {
    EXPECT_EQ(loop.spawn([] {}), nullptr);
    loop.stop();
  });
  loop.run();
  EXPECT_EQ(loop.stats().fibers_refused, 1U);
}

}  // namespace
}  // namespace calixo::host
