// The type's verdicts on a fake host: no server, no database.
#include <gtest/gtest.h>
#include <calixo/testing/challenge_tester.hpp>
#include <calixo/testing/fake_host.hpp>

namespace {

using calixo::testing::ChallengeTester;
using calixo::testing::FakeHost;

class SampleName : public testing::Test {
 protected:
  SampleName() { host.load(calixo_plugin_entry()); }

  // The verdict on a proof, when so much time has passed.
  std::string verdict(int passed_s, const std::string& proof) {
    ChallengeTester attempt(host, "sample_name", R"({"seconds":60})");
    attempt.start();
    attempt.pass_s(passed_s);
    return attempt.complete(proof).text();
  }

  FakeHost host;
};

TEST_F(SampleName, AcceptsWhatLastedAsLongAsAskedFor) {
  EXPECT_EQ(verdict(70, R"({"seconds":65})"), "accepted");
  ASSERT_EQ(host.db.statements.size(), 1u);
  EXPECT_EQ(host.db.statements[0].parameters[1], "65");
}

TEST_F(SampleName, BelievesNobodyMoreTimeThanHasPassed) {
  EXPECT_EQ(verdict(30, R"({"seconds":60})"), "rejected sample_name_not_yet");
  EXPECT_TRUE(host.db.statements.empty());
}

TEST_F(SampleName, RejectsWhatWasTooShort) {
  EXPECT_EQ(verdict(90, R"({"seconds":59})"), "rejected sample_name_too_short");
}

TEST_F(SampleName, ChecksRulesWhenTheyAreSaved) {
  EXPECT_EQ(ChallengeTester(host, "sample_name", "{}").check_rules().text(), "accepted");
  EXPECT_EQ(ChallengeTester(host, "sample_name", R"({"seconds":0})").check_rules().text(),
            "invalid");
}

}  // namespace
