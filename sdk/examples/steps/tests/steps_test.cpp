// The type's decisions and what it does on its own, without a server.
#include <gtest/gtest.h>
#include <calixo/testing/challenge_tester.hpp>

namespace {

using calixo::testing::Answer;
using calixo::testing::Caller;
using calixo::testing::ChallengeTester;
using calixo::testing::FakeHost;
using calixo::testing::Statement;

constexpr const char* kUser = "5f0c1e9a-53d1-4d5b-9d2c-0b8a53f0f6a1";

class StepsTest : public testing::Test {
 protected:
  StepsTest() { host_.load(calixo_plugin_entry()); }

  void has_walked(const std::string& steps) {
    host_.db.on_statement = [steps](const Statement&) {
      Answer answer;
      answer.columns = {"steps"};
      answer.rows = {{steps}};
      return answer;
    };
  }
  FakeHost host_;
};

TEST_F(StepsTest, EnoughStepsAreAccepted) {
  has_walked("6000");
  ChallengeTester steps(host_, "steps");
  steps.start();
  const auto decision = steps.complete();
  EXPECT_EQ(decision.text(), "accepted");
  EXPECT_EQ(decision.reward_factor, 1.0);
}

TEST_F(StepsTest, TwiceTheStepsEarnMore) {
  has_walked("12000");
  ChallengeTester steps(host_, "steps");
  steps.start();
  EXPECT_EQ(steps.complete().reward_factor, 1.5);
}

TEST_F(StepsTest, TooFewAreRejected) {
  has_walked("5999");
  ChallengeTester steps(host_, "steps");
  steps.start();
  EXPECT_EQ(steps.complete().text(), "rejected too_few_steps");
}

TEST_F(StepsTest, ADayIsCountedForItsCaller) {
  const auto answer = host_.call({.method = "PUT",
                                  .path = "/api/steps",
                                  .body = R"({"day":"2026-01-31","steps":7000})",
                                  .caller = Caller::user(kUser)});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(host_.db.statements.back().parameters[0], kUser);
  EXPECT_FALSE(host_.db.statements.back().is_as_service);
}

TEST_F(StepsTest, OnlyWalksAreCounted) {
  const auto completed = [](const char* type) {
    return std::string(R"({"attempt_id":1,"challenge_id":2,"user_id":")") + kUser +
           R"(","type":")" + type + R"(","reward":10,"completed_at":"2026-01-31T12:00:00Z"})";
  };
  EXPECT_EQ(host_.deliver("challenge.completed", {.payload = completed("daily")}).at(0).status,
            CALIXO_OK);
  EXPECT_TRUE(host_.db.statements.empty());
  EXPECT_EQ(host_.deliver("challenge.completed", {.payload = completed("steps")}).at(0).status,
            CALIXO_OK);
  ASSERT_EQ(host_.db.statements.size(), 1u);
  EXPECT_EQ(host_.db.statements[0].parameters[0], kUser);
}

TEST_F(StepsTest, OldDaysAreForgotten) {
  EXPECT_EQ(host_.run_job("forget_old_days").status, CALIXO_OK);
  EXPECT_EQ(host_.db.statements.back().parameters[0], "90");
}

}  // namespace
