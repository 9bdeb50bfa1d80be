// A challenge type behind the ABI's table: what it is given, what it decides, and what it may do
// wrong.
#include <gtest/gtest.h>
#include <calixo/challenge_type.hpp>
#include <calixo/testing/challenge_tester.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace calixo::test {

struct JumpProof {
  std::int32_t jumps;
  std::string mood = "fine";
};
BOOST_DESCRIBE_STRUCT(JumpProof, (), (jumps, mood))

struct JumpProgress {
  std::int32_t jumps;
};
BOOST_DESCRIBE_STRUCT(JumpProgress, (), (jumps))

struct JumpState {
  std::int32_t total = 0;
};
BOOST_DESCRIBE_STRUCT(JumpState, (), (total))

struct JumpRules {
  std::int32_t jumps = 10;
  std::int32_t jumps_max = 100;
};
BOOST_DESCRIBE_STRUCT(JumpRules, (), (jumps, jumps_max))
CALIXO_RULES(JumpRules) {
  rules.at<&JumpRules::jumps>().range(1, 1000);
  rules.closed();
}

namespace {

using testing::Answer;
using testing::ChallengeTester;
using testing::Decision;
using testing::FakeHost;

// Counts jumps as they are told; the mood of the proof chooses a misfortune.
class Jump : public ChallengeType<JumpRules, JumpProof, JumpProgress> {
  Verdict check_rules(const JumpRules& rules) override {
    if (rules.jumps <= rules.jumps_max) return accept();
    return reject("range").error("jumps", "range", {.es = "Demasiados.", .en = "Too many."});
  }
  Verdict progress(const Attempt& attempt, const JumpProgress& told) override {
    return accept().keep(JumpState{attempt.state<JumpState>().total + told.jumps});
  }
  Verdict complete(const Attempt& attempt, const JumpProof& proof) override {
    if (proof.mood == "throws") throw std::runtime_error("a secret");
    if (proof.mood == "throws a number") throw 42;
    if (proof.mood == "problem") throw conflict("knees_hurt");
    if (proof.mood == "odd") return review("looks_odd");
    if (proof.mood == "sql") attempt.service_db().execute("insert into jumps values ($1)", 1);
    if (proof.jumps > attempt.state<JumpState>().total) {
      return reject("not_counted")
          .message({.es = "Sin contar.", .en = "Not counted."})
          .error("jumps", "range", {.es = "Son más.", .en = "That is more."});
    }
    return accept(attempt.progress_count() > 1 ? 2.0 : 1.0);
  }
  void expire(const Attempt& attempt) override {
    attempt.db().execute("delete from jumps where attempt = $1", attempt.id());
  }
  std::int64_t expires_after_s() const override { return 3600; }
};

class Claim : public ChallengeType<JumpRules> {
  Verdict complete(const Attempt&, const NoProof&) override { return accept(); }
};

// Says that it needs no database; looks into it all the same where its rules say more than one.
class Honest : public ChallengeType<JumpRules> {
  Verdict complete(const Attempt& attempt, const NoProof&) override {
    if (attempt.rules().jumps > 1) attempt.db().query("select 1");
    return accept();
  }
  bool needs_database() const override { return false; }
};

class ChallengeTypes : public ::testing::Test {
 protected:
  ChallengeTypes() {
    host_.load([](Plugin& plugin) {
      plugin.challenge_type<Jump>("jump");
      plugin.challenge_type<Claim>("claim");
    });
  }
  ChallengeTester begun(std::string rules = "{}") {
    ChallengeTester tester(host_, "jump", std::move(rules));
    EXPECT_EQ(tester.start().text(), "accepted");
    return tester;
  }
  FakeHost host_;
};

TEST_F(ChallengeTypes, TableTellsSchemasProgressAndExpiry) {
  const ChallengeTester jump(host_, "jump");
  EXPECT_EQ(jump.table().struct_size, sizeof(calixo_challenge_type_v1));
  EXPECT_EQ(jump.table().flags, CALIXO_CHALLENGE_TYPE_TAKES_PROGRESS);
  EXPECT_EQ(jump.table().expires_after_s, 3600);
  EXPECT_NE(testing::text_of(jump.table().rules_schema).find("jumps_max"), std::string::npos);
  EXPECT_NE(testing::text_of(jump.table().proof_schema).find("mood"), std::string::npos);
  const ChallengeTester claim(host_, "claim");
  EXPECT_EQ(claim.table().flags, 0u);
  EXPECT_EQ(claim.table().progress, nullptr);
  EXPECT_EQ(claim.table().progress_schema.size, 0u);
}

TEST_F(ChallengeTypes, OneThatNeedsNoDatabaseHasNone) {
  FakeHost host;
  host.load([](Plugin& plugin) { plugin.challenge_type<Honest>("honest"); });
  const auto completed = [&](const char* rules) {
    ChallengeTester tester(host, "honest", rules);
    EXPECT_EQ(tester.table().flags, CALIXO_CHALLENGE_TYPE_NEEDS_NO_DATABASE);
    EXPECT_EQ(tester.start().text(), "accepted");
    return tester.complete();
  };
  EXPECT_EQ(completed(R"({"jumps":1})").text(), "accepted");
  EXPECT_EQ(completed(R"({"jumps":2})").status, CALIXO_INTERNAL);
}

TEST_F(ChallengeTypes, DetailsForTheManifestAreJson) {
  ASSERT_EQ(host_.extensions.size(), 2u);
  const Json jump = parse_json<Json>(host_.extensions[0].details_json);
  EXPECT_EQ(jump.at("expires_after_s").as_int64(), 3600);
  EXPECT_EQ(jump.at("progress").at("title").as_string(), "JumpProgress");
  EXPECT_TRUE(parse_json<Json>(host_.extensions[1].details_json).at("progress").is_null());
}

TEST_F(ChallengeTypes, RulesAreCheckedByTheirStructAndByTheType) {
  EXPECT_EQ(ChallengeTester(host_, "jump").check_rules().text(), "accepted");
  const auto errors = [&](const char* rules) {
    const Decision decision = ChallengeTester(host_, "jump", rules).check_rules();
    EXPECT_EQ(decision.text(), "invalid");
    return parse_json<Json>(decision.errors_json).at(0).at("code").as_string();
  };
  EXPECT_EQ(errors(R"({"jumps":0})"), "range");
  EXPECT_EQ(errors(R"({"jumps":"many"})"), "type");
  EXPECT_EQ(errors(R"({"jump":1})"), "unknown");
  EXPECT_EQ(errors(R"({"jumps":200})"), "range");
}

TEST_F(ChallengeTypes, ProgressIsKeptAndSeenByTheNextHook) {
  ChallengeTester jump = begun();
  EXPECT_EQ(jump.complete(R"({"jumps":1})").text(), "rejected not_counted");
  EXPECT_EQ(jump.progress(R"({"jumps":4})").text(), "accepted");
  EXPECT_EQ(jump.progress(R"({"jumps":6})").text(), "accepted");
  EXPECT_EQ(jump.state_json(), R"({"total":10})");
  const Decision done = jump.complete(R"({"jumps":10})");
  EXPECT_EQ(done.text(), "accepted");
  EXPECT_EQ(done.reward_factor, 2.0);
}

TEST_F(ChallengeTypes, ProofAndProgressThatDoNotFitAreInvalidWithEveryField) {
  ChallengeTester jump = begun();
  const Decision proof = jump.complete(R"({"mood":3})");
  EXPECT_EQ(proof.text(), "invalid");
  EXPECT_EQ(parse_json<Json>(proof.errors_json).as_array().size(), 2u);
  EXPECT_EQ(jump.progress("{}").text(), "invalid");
}

TEST_F(ChallengeTypes, RejectionSpeaksTheCallersLanguage) {
  ChallengeTester jump = begun();
  EXPECT_EQ(jump.complete(R"({"jumps":1})").message, "Not counted.");
  jump.language = "es";
  const Decision spanish = jump.complete(R"({"jumps":1})");
  EXPECT_EQ(spanish.message, "Sin contar.");
  EXPECT_EQ(parse_json<Json>(spanish.errors_json).at(0).at("message").as_string(), "Son más.");
}

TEST_F(ChallengeTypes, ReviewAndProblemsBecomeVerdicts) {
  ChallengeTester jump = begun();
  EXPECT_EQ(jump.complete(R"({"jumps":0,"mood":"odd"})").text(), "review looks_odd");
  EXPECT_EQ(jump.complete(R"({"jumps":0,"mood":"problem"})").text(), "rejected knees_hurt");
}

TEST_F(ChallengeTypes, NoExceptionLeavesAndTheLogNamesTypeAndHook) {
  ChallengeTester jump = begun();
  const std::string failed = "failed with status " + std::to_string(CALIXO_INTERNAL);
  EXPECT_EQ(jump.complete(R"({"jumps":0,"mood":"throws"})").text(), failed);
  EXPECT_EQ(jump.complete(R"({"jumps":0,"mood":"throws a number"})").text(), failed);
  ASSERT_EQ(host_.logs.size(), 2u);
  EXPECT_EQ(host_.logs[0].event, "challenge type failed");
  EXPECT_EQ(host_.logs[0].fields.at("type"), "jump");
  EXPECT_EQ(host_.logs[0].fields.at("hook"), "complete");
  EXPECT_EQ(host_.logs[0].fields.at("error"), "a secret");
  EXPECT_EQ(host_.db.open_transactions(), 0);
  EXPECT_EQ(host_.db.rolled_back, 2);
}

TEST_F(ChallengeTypes, OwnTablesAreWrittenInTheCallersTransaction) {
  ChallengeTester jump = begun();
  EXPECT_EQ(jump.complete(R"({"jumps":0,"mood":"sql"})").text(), "accepted");
  EXPECT_EQ(jump.expire(), CALIXO_OK);
  ASSERT_EQ(host_.db.statements.size(), 2u);
  EXPECT_TRUE(host_.db.statements[0].is_in_transaction && host_.db.statements[0].is_as_service);
  EXPECT_TRUE(host_.db.statements[1].is_in_transaction && !host_.db.statements[1].is_as_service);
}

TEST_F(ChallengeTypes, StatementsThatFailTellWhetherToRunAgain) {
  ChallengeTester jump = begun();
  const auto status = [&](Answer answer) {
    host_.db.on_statement = [&](const testing::Statement&) { return answer; };
    return jump.complete(R"({"jumps":0,"mood":"sql"})").status;
  };
  EXPECT_EQ(status(Answer::failure("40001")), CALIXO_CONFLICT);
  EXPECT_EQ(status(Answer::failure("23505")), CALIXO_INTERNAL);
  EXPECT_EQ(status(Answer::away(CALIXO_UNAVAILABLE)), CALIXO_UNAVAILABLE);
  EXPECT_EQ(status(Answer::away(CALIXO_CANCELLED)), CALIXO_CANCELLED);
}

TEST_F(ChallengeTypes, RulesOfAnotherVersionAreToldApartFromAWrongProof) {
  ChallengeTester jump(host_, "jump", R"({"jumps":"of old"})");
  EXPECT_EQ(jump.start().status, CALIXO_UNSUPPORTED);
  EXPECT_EQ(jump.complete(R"({"jumps":0})").status, CALIXO_UNSUPPORTED);
}

TEST_F(ChallengeTypes, ATypeWithoutProofNeedsNone) {
  ChallengeTester claim(host_, "claim");
  EXPECT_EQ(claim.start().text(), "accepted");
  EXPECT_EQ(claim.complete().text(), "accepted");
  EXPECT_EQ(claim.expire(), CALIXO_OK);
}

TEST(ChallengeTypeNames, AreWhatATemplateCanName) {
  for (const char* name : {"", "Plank", "1st", "with space", "é"}) {
    FakeHost host;
    EXPECT_THROW(host.load([&](Plugin& plugin) { plugin.challenge_type<Claim>(name); }),
                 std::logic_error)
        << name;
  }
}

TEST(AttemptView, ElapsedSecondsAreWholeAndNeverNegative) {
  const calixo::detail::Host host;
  calixo_attempt attempt{};
  attempt.started_at_us = 10'000'000;
  attempt.now_us = 12'999'999;
  EXPECT_EQ(AttemptView(host, attempt).elapsed_seconds(), 2);
  attempt.now_us = 9'000'000;
  EXPECT_EQ(AttemptView(host, attempt).elapsed_seconds(), 0);
  EXPECT_FALSE(AttemptView(host, attempt).expires_at().has_value());
}

}  // namespace
}  // namespace calixo::test
