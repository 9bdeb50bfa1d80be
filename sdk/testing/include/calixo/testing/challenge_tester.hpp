// Drives a challenge type that a plugin registered, through the same table as the server does, on a
// fake host: no database, no other process.
//
//   calixo::testing::FakeHost host;
//   host.load(calixo_plugin_entry());
//   calixo::testing::ChallengeTester plank(host, "plank", R"({"seconds":60})");
//   plank.start();
//   plank.pass_s(60);
//   EXPECT_EQ(plank.complete(R"({"held_seconds":60})").text(), "accepted");
//
// Used by one test, on one thread.
#pragma once

#include <calixo/abi/challenge_type.h>

#include <calixo/testing/fake_host.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace calixo::testing {

// What one hook did.
struct Decision {
  calixo_status status = CALIXO_OK;       // what the hook answered
  int verdicts = 0;                       // how often it decided: once is right
  std::uint32_t kind = 0;                 // CALIXO_VERDICT_*
  double reward_factor = 0;               // where it accepts
  std::string code;                       // where it rejects or wants a review
  std::string message;                    // in the tester's language
  std::string errors_json;                // wrong fields, or empty
  std::optional<std::string> state_json;  // to keep

  // One verdict, and it accepts.
  bool is_accepted() const { return is_whole() && kind == CALIXO_VERDICT_ACCEPT; }
  // "accepted", "rejected <code>", "review <code>", "invalid", or "failed with status <n>".
  std::string text() const {
    if (!is_whole()) {
      return status != CALIXO_OK ? "failed with status " + std::to_string(status)
                                 : "gave " + std::to_string(verdicts) + " verdicts";
    }
    switch (kind) {
      case CALIXO_VERDICT_ACCEPT:
        return "accepted";
      case CALIXO_VERDICT_REJECT:
        return "rejected " + code;
      case CALIXO_VERDICT_REVIEW:
        return "review " + code;
      default:
        return "invalid";
    }
  }

 private:
  bool is_whole() const { return status == CALIXO_OK && verdicts == 1; }
};

// One template of the type and one person's attempt at it. The fake host's clock is the server's.
class ChallengeTester {
 public:
  // Throws std::runtime_error where the plugin has no such type.
  ChallengeTester(FakeHost& host, std::string_view type, std::string rules_json = "{}")
      : host_(host), rules_json_(std::move(rules_json)) {
    for (const auto& extension : host.extensions) {
      if (extension.point != CALIXO_CHALLENGE_TYPE_ID || extension.name != type) continue;
      table_ = static_cast<const calixo_challenge_type_v1*>(extension.table);
    }
    if (table_ == nullptr) throw std::runtime_error("no challenge type " + std::string(type));
    started_at_us_ = host.now_us;
  }

  // For what this class does not call.
  const calixo_challenge_type_v1& table() const { return *table_; }

  // Whether the rules would be saved.
  Decision check_rules() {
    calixo_attempt attempt{};
    attempt.struct_size = sizeof attempt;
    attempt.language = calixo::detail::to_abi(language);
    attempt.rules_json = calixo::detail::to_abi(rules_json_);
    Decision decision;
    decision.status = table_->check_rules(table_->user, &attempt, &decide, &decision);
    return decision;
  }
  // A new attempt.
  Decision start() {
    started_at_us_ = host_.now_us;
    expires_at_us_ =
        table_->expires_after_s == 0 ? 0 : started_at_us_ + table_->expires_after_s * 1'000'000;
    state_json_ = "{}";
    last_progress_at_us_ = 0;
    progress_count_ = 0;
    if (table_->start == nullptr) return always_accepted();
    return run([&](const calixo_attempt& attempt, Decision& into) {
      return table_->start(table_->user, &attempt, &decide, &into);
    });
  }
  // Throws std::runtime_error where the type takes no progress.
  Decision progress(std::string_view json = "{}") {
    if (table_->progress == nullptr) throw std::runtime_error("the type takes no progress");
    const Decision decision = run([&](const calixo_attempt& attempt, Decision& into) {
      return table_->progress(table_->user, &attempt, calixo::detail::to_abi(json), &decide, &into);
    });
    if (decision.is_accepted()) {
      ++progress_count_;
      last_progress_at_us_ = host_.now_us;
    }
    return decision;
  }
  // The proof, as a client would send it.
  Decision complete(std::string_view json = "{}") {
    return run([&](const calixo_attempt& shown, Decision& into) {
      calixo_attempt attempt = shown;
      if ((table_->flags & CALIXO_CHALLENGE_TYPE_NEEDS_NO_DATABASE) != 0) attempt.tx = nullptr;
      return table_->complete(table_->user, &attempt, calixo::detail::to_abi(json), &decide, &into);
    });
  }
  // The status that the hook answered.
  calixo_status expire() {
    if (table_->expire == nullptr) return CALIXO_OK;
    return run([&](const calixo_attempt& attempt, Decision&) {
             return table_->expire(table_->user, &attempt);
           })
        .status;
  }

  // Lets time go by.
  void pass_s(std::int64_t seconds) { host_.now_us += seconds * 1'000'000; }

  // What the attempt keeps.
  const std::string& state_json() const { return state_json_; }

  std::string user_id = "00000000-0000-4000-8000-000000000001";  // whose attempt it is
  std::string language = "en";                                   // of messages

 private:
  template <class Hook>
  Decision run(Hook&& hook) {
    const calixo_db_v1* const db = Tables::db();
    calixo_tx* tx = nullptr;
    db->begin(host_.handle(), nullptr, 0, &tx);
    calixo_attempt attempt{};
    attempt.struct_size = sizeof attempt;
    attempt.progress_count = progress_count_;
    attempt.id = 1;
    attempt.challenge_id = 1;
    attempt.started_at_us = started_at_us_;
    attempt.now_us = host_.now_us;
    attempt.last_progress_at_us = last_progress_at_us_;
    attempt.expires_at_us = expires_at_us_;
    attempt.user_id = calixo::detail::to_abi(user_id);
    attempt.language = calixo::detail::to_abi(language);
    attempt.rules_json = calixo::detail::to_abi(rules_json_);
    attempt.state_json = calixo::detail::to_abi(state_json_);
    attempt.tx = tx;
    Decision decision;
    decision.status = hook(attempt, decision);
    end(tx, decision);
    return decision;
  }
  // As the owner does: what was decided takes effect, a rejection undoes what the hook wrote.
  void end(calixo_tx* tx, const Decision& decision) {
    const bool is_kept = decision.status == CALIXO_OK &&
                         (decision.kind == CALIXO_VERDICT_ACCEPT ||
                          decision.kind == CALIXO_VERDICT_REVIEW || decision.verdicts == 0);
    if (!is_kept) return Tables::db()->rollback(nullptr, tx);
    calixo_result* failure = nullptr;
    Tables::db()->commit(nullptr, tx, &failure);
    Tables::db()->release(failure);
    if (decision.state_json) state_json_ = *decision.state_json;
  }
  static Decision always_accepted() {
    Decision decision;
    decision.verdicts = 1;
    decision.kind = CALIXO_VERDICT_ACCEPT;
    return decision;
  }
  static void decide(void* sink, const calixo_verdict* verdict) {
    auto& into = *static_cast<Decision*>(sink);
    ++into.verdicts;
    into.kind = verdict->kind;
    into.reward_factor = verdict->reward_factor;
    into.code = text_of(verdict->code);
    into.message = text_of(verdict->message);
    into.errors_json = text_of(verdict->errors_json);
    if (verdict->state_json.data != nullptr) into.state_json = text_of(verdict->state_json);
  }

  FakeHost& host_;
  const calixo_challenge_type_v1* table_ = nullptr;
  std::string rules_json_, state_json_ = "{}";
  std::int64_t started_at_us_ = 0, expires_at_us_ = 0, last_progress_at_us_ = 0;
  std::uint32_t progress_count_ = 0;
};

}  // namespace calixo::testing
