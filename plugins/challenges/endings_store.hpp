// How attempts end in the database, other than by time: SQL and nothing else. Every call suspends
// its fiber and runs as the service, of attempts that are locked or as they were shown.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attempts_store.hpp"

namespace calixo::challenges {

// What a completion earned, and whether a wallet gets it.
struct Earned {
  std::int32_t reward = 0;
  bool is_paid = false;
};

// Who decided about an attempt, and what was said of it.
struct Resolution {
  std::string_view by;
  std::optional<std::string> reason;
};

// What completes an open attempt.
struct Completion {
  OpenAttempt attempt;
  std::optional<std::string> version;  // nothing: the attempt is locked
  KeptState state;
  Earned earned;
  std::string language;  // of the answer
};

// Completes attempts of different people and counts their days, in one statement. Those that are
// completed, in any order: not where the attempt is no longer as it was shown, nor where the
// person's day holds per_day_max completions already.
std::vector<Attempt> mark_completed(Database& service, const std::vector<const Completion*>& all,
                                    std::int64_t per_day_max);
// Until the person's day ends, in seconds, at least 1.
std::int64_t completions_in_s(Database& service, std::string_view user_id);
Attempt mark_for_review(Database& service, std::string_view language, const OpenAttempt& attempt,
                        const KeptState& state, std::string_view reason);

// As those who judge it see it.
struct JudgedAttempt {
  std::int32_t id = 0;
  Uuid user_id;
  std::int32_t challenge_id = 0;
  AttemptStatus status = AttemptStatus::pending;
  std::optional<std::string> reason;
  Timestamp started_at;
  std::optional<Timestamp> claimed_at, completed_at;
  std::optional<std::int32_t> reward, taken_back;
  std::int32_t progress_count = 0;
  Json state;
  std::optional<Uuid> resolved_by;
  std::optional<Timestamp> resolved_at;
  Challenge challenge;
};
BOOST_DESCRIBE_STRUCT(JudgedAttempt, (),
                      (id, user_id, challenge_id, status, reason, started_at, claimed_at,
                       completed_at, reward, taken_back, progress_count, state, resolved_by,
                       resolved_at, challenge))
CALIXO_RULES(JudgedAttempt) {
  rules.at<&JudgedAttempt::claimed_at>().describe("When its person said that it is done");
  rules.at<&JudgedAttempt::taken_back>().describe("What of the reward there still was to take");
  rules.at<&JudgedAttempt::state>().describe("What its type kept");
}

struct JudgedFilter {
  AttemptStatus status = AttemptStatus::review;
  std::optional<Uuid> user_id;
};

// By id. As a moderator, under the policies.
std::vector<JudgedAttempt> list_judged(Database& db, std::string_view language,
                                       const JudgedFilter& filter, const Slice& slice);
std::optional<JudgedAttempt> find_judged(Database& db, std::string_view language, std::int32_t id);

// Whose it is and whether its reward was paid.
struct Judgeable {
  OpenAttempt attempt;
  bool is_paid = false;
  std::int32_t reward = 0;
};
// Locks anybody's attempt in this state. Nothing where there is none.
std::optional<Judgeable> lock_judgeable(Database& service, std::int32_t id, AttemptStatus status);
std::optional<AttemptStatus> status_of(Database& service, std::int32_t id);

// Completes an attempt in review, as of when it was claimed; no limit stands against it. The streak
// with it.
std::int32_t mark_accepted(Database& service, const OpenAttempt& attempt, const Earned& earned,
                           const Resolution& resolution);
void mark_rejected(Database& service, std::int32_t id, const Resolution& resolution);
void mark_reversed(Database& service, std::int32_t id, std::int64_t taken_back,
                   const Resolution& resolution);

}  // namespace calixo::challenges
