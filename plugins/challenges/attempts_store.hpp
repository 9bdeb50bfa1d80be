// Attempts in the database: SQL and nothing else. Every call suspends its fiber. Reads run as the
// caller, under the policies; what a type decides is written by the service.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "challenges_store.hpp"

namespace calixo::challenges {

enum class AttemptStatus { pending, completed, failed, review, reversed };
BOOST_DESCRIBE_ENUM(AttemptStatus, pending, completed, failed, review, reversed)

// As its person sees it.
struct Attempt {
  std::int32_t id = 0;
  std::int32_t challenge_id = 0;
  AttemptStatus status = AttemptStatus::pending;
  Timestamp started_at;
  std::optional<Timestamp> completed_at;
  std::optional<Timestamp> expires_at;
  std::optional<std::int32_t> reward;
  std::optional<std::string> reason;
  std::int32_t progress_count = 0;
  std::optional<Timestamp> last_progress_at;
  std::optional<std::int32_t> streak_days;
  Challenge challenge;
};
BOOST_DESCRIBE_STRUCT(Attempt, (),
                      (id, challenge_id, status, started_at, completed_at, expires_at, reward,
                       reason, progress_count, last_progress_at, streak_days, challenge))
CALIXO_RULES(Attempt) {
  rules.at<&Attempt::status>().describe("reversed: completed once, and taken back since");
  rules.at<&Attempt::expires_at>().describe("When it fails unless it is completed; null: never");
  rules.at<&Attempt::reward>().describe("What it earned; null before it is completed");
  rules.at<&Attempt::reason>().describe(
      "Why it failed, was reversed or waits for a review: a stable code");
  rules.at<&Attempt::streak_days>().describe("The streak with it; told as it is completed");
  rules.at<&Attempt::challenge>().describe("With the rules and the reward of when it began");
}

// As its type's hooks see it.
struct OpenAttempt {
  std::int32_t id = 0;
  std::int32_t challenge_id = 0;
  std::string user_id;
  std::string type;
  std::int32_t offered_reward = 0;
  std::optional<std::int32_t> energy, experience;  // nothing: as the keys say
  Timestamp started_at;
  Timestamp now;
  std::optional<Timestamp> last_progress_at;
  std::optional<Timestamp> expires_at;
  std::optional<Timestamp> claimed_at;
  std::int32_t progress_count = 0;
  std::string rules_json;
  std::string state_json;
  std::string time_zone;  // its person's

  bool is_past_expiry() const { return expires_at && *expires_at <= now; }
};
BOOST_DESCRIBE_STRUCT(OpenAttempt, (),
                      (id, challenge_id, user_id, type, offered_reward, energy, experience,
                       started_at, now, last_progress_at, expires_at, claimed_at, progress_count,
                       rules_json, state_json, time_zone))

// How an attempt that is not open ended.
struct Ending {
  AttemptStatus status = AttemptStatus::pending;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(Ending, (), (status, reason))

struct AttemptFilter {
  std::optional<AttemptStatus> status;
  std::optional<std::string> type;
  std::optional<std::string> from, to;  // dates in the person's zone, both included: of the start
};

std::vector<Attempt> list_attempts(Database& db, std::string_view language,
                                   std::string_view user_id, const AttemptFilter& filter,
                                   const Slice& slice);
std::optional<Attempt> find_attempt(Database& db, std::string_view language, std::int32_t id);
// Nothing where there is no such attempt of this person.
std::optional<Ending> ending_of(Database& db, std::string_view user_id, std::int32_t id);

// Locks the row to the end of tx. Nothing where there is no such open attempt of this person; of
// two at once the second finds what the first left.
std::optional<OpenAttempt> lock_attempt(Transaction& tx, std::string_view user_id, std::int32_t id);

// An open attempt as it was read, not locked, and what its row is known by until it changes.
struct ShownAttempt {
  OpenAttempt attempt;
  std::string version;
};
// Nothing where there is no such open attempt of this person.
std::optional<ShownAttempt> find_open(Database& db, std::string_view user_id, std::int32_t id);

// The open attempt of this challenge that is past its time, if there is one.
std::optional<std::int32_t> find_expired(Database& db, std::string_view user_id,
                                         std::int32_t challenge_id);
// Open attempts past their time, the oldest first. As the service.
std::vector<std::int32_t> list_expired(Database& db, std::int64_t limit);
// As lock_attempt, but anybody's, only past its time, and nothing where another holds it. As the
// service.
std::optional<OpenAttempt> lock_expired(Database& db, std::int32_t id);

// --- of a locked attempt, as the service; state nothing: what was kept stays ---
using KeptState = std::optional<std::string>;
Attempt keep_state(Database& service, std::string_view language, const OpenAttempt& attempt,
                   const KeptState& state);
Attempt note_progress(Database& service, std::string_view language, const OpenAttempt& attempt,
                      const KeptState& state);
// As the service or as its person.
Attempt mark_failed(Database& db, std::string_view language, const OpenAttempt& attempt,
                    std::string_view reason);

}  // namespace calixo::challenges
