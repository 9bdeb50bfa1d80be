// The type's decisions, without a server.
#include <gtest/gtest.h>
#include <calixo/testing/challenge_tester.hpp>

extern "C" const calixo_plugin* calixo_plugin_entry(void);

namespace {

using calixo::testing::ChallengeTester;
using calixo::testing::FakeHost;

class PlankTest : public ::testing::Test {
 protected:
  PlankTest() { host_.load(calixo_plugin_entry()); }
  FakeHost host_;
};

TEST_F(PlankTest, IsAcceptedWhenHeldLongEnough) {
  ChallengeTester plank(host_, "plank", R"({"seconds":60})");
  plank.start();
  plank.pass_s(70);
  EXPECT_EQ(plank.complete(R"({"held_seconds":65})").text(), "accepted");
}

TEST_F(PlankTest, NobodyHoldsLongerThanTimeHasPassed) {
  ChallengeTester plank(host_, "plank", R"({"seconds":60})");
  plank.start();
  plank.pass_s(30);
  EXPECT_EQ(plank.complete(R"({"held_seconds":60})").text(), "rejected held_longer_than_elapsed");
}

TEST_F(PlankTest, TooShortIsRejected) {
  ChallengeTester plank(host_, "plank", R"({"seconds":60})");
  plank.start();
  plank.pass_s(90);
  EXPECT_EQ(plank.complete(R"({"held_seconds":59})").text(), "rejected held_too_short");
}

TEST_F(PlankTest, RulesAndProofHaveToFit) {
  EXPECT_EQ(ChallengeTester(host_, "plank", "{}").check_rules().text(), "accepted");
  EXPECT_EQ(ChallengeTester(host_, "plank", R"({"seconds":0})").check_rules().text(), "invalid");
  ChallengeTester plank(host_, "plank");
  plank.start();
  EXPECT_EQ(plank.complete().text(), "invalid");
}

}  // namespace
