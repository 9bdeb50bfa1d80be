// The challenges plugin's side of calixo.challenge_type/1: which types it takes, and how it holds a
// verdict against the contract.
#include <gtest/gtest.h>
#include <calixo/testing/fake_host.hpp>

#include <limits>
#include <string>
#include <vector>

#include "challenges/type_directory.hpp"
#include "challenges/verdict_check.hpp"

namespace calixo::challenges {
namespace {

using calixo::detail::to_abi;
using testing::FakeHost;

calixo_status accept_all(void*, const calixo_attempt*, calixo_decide_fn, void*) {
  return CALIXO_OK;
}
calixo_status complete_all(void*, const calixo_attempt*, calixo_str, calixo_decide_fn, void*) {
  return CALIXO_OK;
}

calixo_challenge_type_v1 good_table() {
  calixo_challenge_type_v1 table{};
  table.struct_size = sizeof table;
  table.rules_schema = to_abi(R"({"type":"object"})");
  table.proof_schema = to_abi("{}");
  table.expires_after_s = 60;
  table.check_rules = &accept_all;
  table.complete = &complete_all;
  return table;
}

class Types : public ::testing::Test {
 protected:
  const TypeDirectory& offering(const calixo_challenge_type_v1& table) {
    table_ = table;
    host_.load([this](Plugin& plugin) {
      directory_ = &plugin.own<TypeDirectory>(plugin);
      plugin.extend(CALIXO_CHALLENGE_TYPE_ID, "test", &table_);
    });
    return *directory_;
  }
  FakeHost host_;
  calixo_challenge_type_v1 table_{};
  const TypeDirectory* directory_ = nullptr;
};

TEST_F(Types, AreFoundByNameWithTheirForms) {
  const TypeDirectory& types = offering(good_table());
  ASSERT_NE(types.find("test"), nullptr);
  EXPECT_EQ(types.find("other"), nullptr);
  EXPECT_EQ(types.find("test")->forms.rules.at("type").as_string(), "object");
  EXPECT_FALSE(types.find("test")->forms.progress.has_value());
  EXPECT_EQ(types.names(), std::vector<std::string>{"test"});
  EXPECT_EQ(types.expiries_s(), std::vector<std::int64_t>{60});
}

TEST_F(Types, UnusableOnesAreLeftOutAndLogged) {
  std::vector<calixo_challenge_type_v1> broken(6, good_table());
  broken[0].struct_size = 16;
  broken[1].complete = nullptr;
  broken[2].flags = CALIXO_CHALLENGE_TYPE_TAKES_PROGRESS;
  broken[3].rules_schema = to_abi("{");
  broken[4].proof_schema = to_abi("[]");
  broken[5].expires_after_s = -1;
  for (const auto& table : broken) {
    FakeHost host;
    const TypeDirectory* types = nullptr;
    host.load([&](Plugin& plugin) {
      types = &plugin.own<TypeDirectory>(plugin);
      plugin.extend(CALIXO_CHALLENGE_TYPE_ID, "test", &table);
    });
    EXPECT_TRUE(types->all().empty());
    EXPECT_TRUE(host.has_logged("challenge type unusable"));
  }
}

class Verdicts : public Types {
 protected:
  Verdicts() { offering(good_table()); }

  // What becomes of the verdict: "accepted", "review", "again", "status <n>" or "<http> <code>".
  std::string outcome(const calixo_verdict& verdict, Hook hook = Hook::complete) {
    return outcome_of(hook, [&](calixo_decide_fn decide, void* sink) {
      decide(sink, &verdict);
      return calixo_status{CALIXO_OK};
    });
  }
  std::string outcome_of(Hook hook, const VerdictCheck::Call& call) {
    try {
      const Log log = host_.plugin().log();
      decision_ = VerdictCheck(log, *directory_->find("test"), hook, 2).run(call);
      return decision_.is_review ? "review" : "accepted";
    } catch (const Problem& problem) {
      errors_ = problem.errors();
      return std::to_string(problem.http_status()) + " " + problem.code();
    } catch (const HostFailure& failure) {
      return "status " + std::to_string(failure.status());
    } catch (const DbError& error) {
      return error.is_retryable() ? "again" : "sql";
    }
  }
  static calixo_verdict of(std::uint32_t kind, std::string_view code = {}) {
    calixo_verdict verdict{};
    verdict.struct_size = sizeof verdict;
    verdict.kind = kind;
    verdict.reward_factor = 1;
    verdict.code = to_abi(code);
    return verdict;
  }
  Decision decision_;
  std::vector<FieldError> errors_;
};

constexpr const char* kFailed = "500 challenge_type_failed";

TEST_F(Verdicts, AcceptanceCarriesFactorAndState) {
  calixo_verdict verdict = of(CALIXO_VERDICT_ACCEPT);
  verdict.reward_factor = 1.5;
  verdict.state_json = to_abi(R"({"a":1})");
  EXPECT_EQ(outcome(verdict), "accepted");
  EXPECT_EQ(decision_.reward_factor, 1.5);
  EXPECT_EQ(decision_.state_json, R"({"a":1})");
  EXPECT_EQ(outcome(of(CALIXO_VERDICT_ACCEPT)), "accepted");
  EXPECT_FALSE(decision_.state_json.has_value());
}

TEST_F(Verdicts, FactorsStandWithinTheirBounds) {
  const auto with = [&](double factor, Hook hook = Hook::complete) {
    calixo_verdict verdict = of(CALIXO_VERDICT_ACCEPT);
    verdict.reward_factor = factor;
    return outcome(verdict, hook);
  };
  EXPECT_EQ(with(0), "accepted");
  EXPECT_EQ(with(2), "accepted");
  EXPECT_EQ(with(2.001), kFailed);
  EXPECT_EQ(with(-0.1), kFailed);
  EXPECT_EQ(with(std::numeric_limits<double>::quiet_NaN()), kFailed);
  EXPECT_EQ(with(std::numeric_limits<double>::infinity()), kFailed);
  EXPECT_EQ(with(1000, Hook::progress), "accepted");  // not looked at
}

TEST_F(Verdicts, RejectionsCarryCodeMessageAndFieldsOfTheirInput) {
  calixo_verdict verdict = of(CALIXO_VERDICT_REJECT, "too_short");
  verdict.errors_json =
      to_abi(R"([{"field":"held","code":"range","message":"More."},{"code":"x"}])");
  EXPECT_EQ(outcome(verdict), "422 too_short");
  ASSERT_EQ(errors_.size(), 2u);
  EXPECT_EQ(errors_[0].field, "proof.held");
  EXPECT_EQ(errors_[1].field, "proof");
  EXPECT_EQ(outcome(verdict, Hook::progress), "422 too_short");
  EXPECT_EQ(errors_[0].field, "progress.held");
  verdict.kind = CALIXO_VERDICT_INVALID;
  EXPECT_EQ(outcome(verdict, Hook::check_rules), "422 validation_failed");
  EXPECT_EQ(errors_[0].field, "rules.held");
}

TEST_F(Verdicts, CodesAreStableWords) {
  for (const char* code : {"", "Too Short", "_x", "1x", "x-y", "ñ"}) {
    EXPECT_EQ(outcome(of(CALIXO_VERDICT_REJECT, code)), kFailed) << code;
    EXPECT_EQ(outcome(of(CALIXO_VERDICT_REVIEW, code)), kFailed) << code;
  }
  EXPECT_EQ(outcome(of(CALIXO_VERDICT_REJECT, std::string(64, 'x'))),
            "422 " + std::string(64, 'x'));
  EXPECT_EQ(outcome(of(CALIXO_VERDICT_REJECT, std::string(65, 'x'))), kFailed);
}

TEST_F(Verdicts, EachHookHasItsOwnKinds) {
  EXPECT_EQ(outcome(of(CALIXO_VERDICT_REVIEW, "odd")), "review");
  EXPECT_EQ(outcome(of(CALIXO_VERDICT_REVIEW, "odd"), Hook::progress), kFailed);
  EXPECT_EQ(outcome(of(CALIXO_VERDICT_REVIEW, "odd"), Hook::start), kFailed);
  EXPECT_EQ(outcome(of(CALIXO_VERDICT_REJECT, "no"), Hook::start), "422 no");
  EXPECT_EQ(outcome(of(CALIXO_VERDICT_REJECT, "no"), Hook::check_rules), kFailed);
  EXPECT_EQ(outcome(of(CALIXO_VERDICT_INVALID), Hook::complete), kFailed);
  EXPECT_EQ(outcome(of(0)), kFailed);
}

TEST_F(Verdicts, StateIsAnObjectOfBoundedSize) {
  const auto keeping = [&](std::string_view state) {
    calixo_verdict verdict = of(CALIXO_VERDICT_ACCEPT);
    verdict.state_json = to_abi(state);
    return outcome(verdict);
  };
  const std::size_t most = CALIXO_CHALLENGE_STATE_BYTES_MAX;
  EXPECT_EQ(keeping(R"({"a":")" + std::string(most - 8, 'x') + "\"}"), "accepted");
  EXPECT_EQ(keeping(R"({"a":")" + std::string(most - 7, 'x') + "\"}"), kFailed);
  EXPECT_EQ(keeping("[]"), kFailed);
  EXPECT_EQ(keeping(""), kFailed);
  EXPECT_EQ(keeping(R"({"a":"\u0000"})"), kFailed);
}

TEST_F(Verdicts, ThereIsExactlyOne) {
  const calixo_verdict accepted = of(CALIXO_VERDICT_ACCEPT);
  const auto times = [&](int count) {
    return outcome_of(Hook::complete, [&](calixo_decide_fn decide, void* sink) {
      for (int i = 0; i < count; ++i) decide(sink, &accepted);
      return calixo_status{CALIXO_OK};
    });
  };
  EXPECT_EQ(times(0), kFailed);
  EXPECT_EQ(times(1), "accepted");
  EXPECT_EQ(times(2), kFailed);
  ASSERT_TRUE(host_.has_logged("challenge type failed"));
  EXPECT_EQ(host_.logs.back().fields.at("of"), "test");
  EXPECT_EQ(host_.logs.back().fields.at("error"), "it gave 2 verdicts");
}

TEST_F(Verdicts, StatusesTellWhatTheClientMayDo) {
  const auto answering = [&](calixo_status status) {
    return outcome_of(Hook::complete, [&](calixo_decide_fn, void*) { return status; });
  };
  EXPECT_EQ(answering(CALIXO_UNAVAILABLE), "status " + std::to_string(CALIXO_UNAVAILABLE));
  EXPECT_EQ(answering(CALIXO_CANCELLED), "status " + std::to_string(CALIXO_CANCELLED));
  EXPECT_EQ(answering(CALIXO_CONFLICT), "again");
  EXPECT_EQ(answering(CALIXO_UNSUPPORTED), "409 rules_unfit");
  EXPECT_EQ(answering(CALIXO_INTERNAL), kFailed);
  EXPECT_EQ(answering(12345), kFailed);
}

}  // namespace
}  // namespace calixo::challenges
