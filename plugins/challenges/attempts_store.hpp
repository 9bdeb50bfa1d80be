// Attempts in the database: SQL and nothing else. Every call suspends its fiber. Reads and starts
// run as the caller, under the policies; verdicts are written by the service.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "challenges_store.hpp"

namespace calixo::challenges {

enum class AttemptStatus { pending, completed, failed, review };
BOOST_DESCRIBE_ENUM(AttemptStatus, pending, completed, failed, review)

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
  Challenge challenge;
};
BOOST_DESCRIBE_STRUCT(Attempt, (),
                      (id, challenge_id, status, started_at, completed_at, expires_at, reward,
                       reason, progress_count, last_progress_at, challenge))
CALIXO_RULES(Attempt) {
  rules.at<&Attempt::expires_at>().describe("When it fails unless it is completed; null: never");
  rules.at<&Attempt::reward>().describe("What it earned; null before it is completed");
  rules.at<&Attempt::reason>().describe("Why it failed or waits for a review: a stable code");
}

// As its type's hooks see it.
struct OpenAttempt {
  std::int32_t id = 0;
  std::int32_t challenge_id = 0;
  std::string user_id;
  std::string type;
  std::int32_t template_reward = 0;
  Timestamp started_at;
  Timestamp now;
  std::optional<Timestamp> last_progress_at;
  std::optional<Timestamp> expires_at;
  std::int32_t progress_count = 0;
  std::string rules_json;
  std::string state_json;

  bool is_past_expiry() const { return expires_at && *expires_at <= now; }
};
BOOST_DESCRIBE_STRUCT(OpenAttempt, (),
                      (id, challenge_id, user_id, type, template_reward, started_at, now,
                       last_progress_at, expires_at, progress_count, rules_json, state_json))

// How an attempt that is not open ended.
struct Ending {
  AttemptStatus status = AttemptStatus::pending;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(Ending, (), (status, reason))

std::vector<Attempt> list_attempts(Database& db, std::string_view language,
                                   std::string_view user_id, std::optional<AttemptStatus> status,
                                   const Slice& slice);
std::optional<Attempt> find_attempt(Database& db, std::string_view language, std::int32_t id);
// Nothing where there is no such attempt of this person.
std::optional<Ending> ending_of(Database& db, std::string_view user_id, std::int32_t id);

// Opens an attempt that expires when its template says, else expiries_s of its type's place in
// `types`. Nothing where the challenge is not on offer, its type is none of them, or an attempt of
// it is open.
std::optional<OpenAttempt> begin_attempt(Transaction& tx, std::string_view user_id,
                                         std::int32_t challenge_id,
                                         const std::vector<std::string>& types,
                                         const std::vector<std::int64_t>& expiries_s);
// Locks the row to the end of tx. Nothing where there is no such open attempt of this person; of
// two at once the second finds what the first left.
std::optional<OpenAttempt> lock_attempt(Transaction& tx, std::string_view user_id, std::int32_t id);

// The open attempt of this challenge that is past its time, if there is one.
std::optional<std::int32_t> find_expired(Database& db, std::string_view user_id,
                                         std::int32_t challenge_id);
// Open attempts past their time, the oldest first. As the service.
std::vector<std::int32_t> list_expired(Database& db, std::int64_t limit);
// As lock_attempt, but anybody's, only past its time, and nothing where another holds it. As the
// service.
std::optional<OpenAttempt> lock_expired(Database& db, std::int32_t id);

// --- verdicts, as the service, of a locked attempt; state nothing: what was kept stays ---
using KeptState = std::optional<std::string>;
Attempt keep_state(Database& service, std::string_view language, const OpenAttempt& attempt,
                   const KeptState& state);
Attempt note_progress(Database& service, std::string_view language, const OpenAttempt& attempt,
                      const KeptState& state);
Attempt mark_completed(Database& service, std::string_view language, const OpenAttempt& attempt,
                       const KeptState& state, std::int32_t reward);
Attempt mark_for_review(Database& service, std::string_view language, const OpenAttempt& attempt,
                        const KeptState& state, std::string_view reason);
void mark_failed(Database& service, const OpenAttempt& attempt, std::string_view reason);

}  // namespace calixo::challenges
