#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "../runtime/loop_driver.hpp"
#include "events/sql_text.hpp"
#include "events/wake_up.hpp"
#include "events/work_signals.hpp"
#include "events/work_tally.hpp"

namespace calixo::host {
namespace {

TEST(SqlText, AStoredTextIsUtf8WithoutNulAndWithinItsLimit) {
  EXPECT_EQ(stored_text("plain", 10), "plain");
  EXPECT_EQ(stored_text(std::string_view("a\0b", 3), 10), "a?b");
  EXPECT_EQ(stored_text("a\xff"
                        "b",
                        10),
            "a?b");
  EXPECT_EQ(stored_text("ab\u00e9", 3), "ab") << "no half characters";
}

// Whether a wait answers at once or only by its deadline.
WaitStatus wait_briefly(WakeUp& wake_up) {
  return wake_up.wait(Deadline::in(std::chrono::milliseconds(1)));
}

TEST(WakeUp, OneThatWasSetBeforeTheWaitIsNotLost) {
  WakeUp wake_up;
  wake_up.set();
  testing::run_in_fiber([&] {
    EXPECT_EQ(wake_up.wait(Deadline::never()), WaitStatus::ready);
    EXPECT_EQ(wait_briefly(wake_up), WaitStatus::timed_out) << "it counts once";
  });
}

TEST(WakeUp, AnotherThreadEndsTheWait) {
  auto wake_up = std::make_shared<WakeUp>();
  std::thread other;
  testing::run_in_fiber([&] {
    other = std::thread([wake_up] { wake_up->set(); });
    EXPECT_EQ(wake_up->wait(Deadline::never()), WaitStatus::ready);
  });
  other.join();
}

TEST(WorkSignals, AnnouncingWakesLanesOfThatSignalAlone) {
  WorkSignals signals;
  auto wanted = std::make_shared<WakeUp>(), other = std::make_shared<WakeUp>();
  signals.add("a.happened", wanted);
  signals.add("b.happened", other);
  signals.announce("a.happened");
  testing::run_in_fiber([&] {
    EXPECT_EQ(wait_briefly(*wanted), WaitStatus::ready);
    EXPECT_EQ(wait_briefly(*other), WaitStatus::timed_out);
  });
}

TEST(WorkSignals, AnEmptySignalWakesAll) {
  WorkSignals signals;
  auto lane = std::make_shared<WakeUp>();
  signals.add("a.happened", lane);
  signals.wake("");
  testing::run_in_fiber([&] { EXPECT_EQ(wait_briefly(*lane), WaitStatus::ready); });
}

TEST(WorkSignals, WhatWasAnnouncedIsToldToOthersOnce) {
  WorkSignals signals;
  signals.announce("a.happened");
  signals.announce("a.happened");
  signals.announce("b.happened");
  EXPECT_EQ(signals.take_outgoing(), (std::vector<std::string>{"a.happened", "b.happened"}));
  EXPECT_TRUE(signals.take_outgoing().empty());
  signals.wake("a.happened");
  EXPECT_TRUE(signals.take_outgoing().empty()) << "what others told is not told back";
}

TEST(WorkTally, WaitsForTheLast) {
  WorkTally tally;
  tally.add();
  EXPECT_FALSE(tally.wait_until_none(std::chrono::milliseconds(0)));
  std::thread other([&] { tally.remove(); });
  EXPECT_TRUE(tally.wait_until_none(std::chrono::minutes(1)));
  other.join();
}

}  // namespace
}  // namespace calixo::host
