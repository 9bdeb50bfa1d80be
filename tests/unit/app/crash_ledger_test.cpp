// Who is left out after how many crashes, and what lets them in again.
#include "app/crash_ledger.hpp"

#include <gtest/gtest.h>

namespace calixo::host {
namespace {

using std::chrono::seconds;

const CrashLedger::TimePoint kStart{seconds(1000)};

WorkerTold::Plugin plugin(const std::string& id, bool is_required = false) {
  WorkerTold::Plugin made;
  made.id = id;
  made.enabled_as = "file_of_" + id;
  made.routes = {"GET /" + id};
  made.is_required = is_required;
  return made;
}

// Whether the last of so many crashes, that far apart, had the plugin left out.
bool is_left_out(CrashLedger& ledger, const WorkerTold::Plugin& of, int count, seconds apart) {
  bool left_out = false;
  for (int i = 0; i < count; ++i) left_out = ledger.add(of, kStart + i * apart).is_left_out;
  return left_out;
}

TEST(CrashLedger, LeavesAnOptionalPluginOutAtTheThirdCrashWithinAMinute) {
  CrashLedger ledger;
  EXPECT_FALSE(is_left_out(ledger, plugin("plank"), 2, seconds(1)));
  EXPECT_TRUE(ledger.add(plugin("plank"), kStart + seconds(59)).is_left_out);
  const PluginHistory history = ledger.history(kStart + seconds(59));
  ASSERT_EQ(history.left_out.size(), 1U);
  EXPECT_EQ(history.left_out[0].enabled_as, "file_of_plank");
  EXPECT_EQ(history.left_out[0].routes, std::vector<std::string>{"GET /plank"});
}

TEST(CrashLedger, ForgetsCrashesOlderThanAMinute) {
  CrashLedger ledger;
  EXPECT_FALSE(is_left_out(ledger, plugin("plank"), 9, seconds(30)));
  const PluginHistory history = ledger.history(kStart + seconds(1000));
  ASSERT_EQ(history.crashes.size(), 1U);
  EXPECT_EQ(history.crashes[0].within_a_minute, 0);
  EXPECT_EQ(history.crashes[0].total, 9);
}

TEST(CrashLedger, NeverLeavesARequiredPluginOut) {
  CrashLedger ledger;
  EXPECT_FALSE(is_left_out(ledger, plugin("auth", true), 50, seconds(0)));
  EXPECT_FALSE(ledger.has_left_out());
}

TEST(CrashLedger, CountsEachPluginByItself) {
  CrashLedger ledger;
  is_left_out(ledger, plugin("plank"), 2, seconds(1));
  EXPECT_FALSE(is_left_out(ledger, plugin("steps"), 2, seconds(1)));
}

TEST(CrashLedger, WhatOthersNeedIsLetInForGood) {
  CrashLedger ledger;
  EXPECT_TRUE(is_left_out(ledger, plugin("plank"), 3, seconds(1)));
  ledger.let_in_for_good();
  EXPECT_FALSE(ledger.has_left_out());
  EXPECT_FALSE(is_left_out(ledger, plugin("plank"), 3, seconds(1)));
}

TEST(CrashLedger, AReloadLetsAllTryAgainAndKeepsTheTotals) {
  CrashLedger ledger;
  EXPECT_TRUE(is_left_out(ledger, plugin("plank"), 3, seconds(1)));
  ledger.forget();
  EXPECT_FALSE(ledger.has_left_out());
  EXPECT_FALSE(is_left_out(ledger, plugin("plank"), 2, seconds(1)));
  EXPECT_EQ(ledger.history(kStart).crashes[0].total, 5);
}

}  // namespace
}  // namespace calixo::host
