// Focus sessions in the database: SQL and nothing else. Every call suspends its fiber. People read
// their own; what is written is the service's. Every stamp is the database's clock.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "challenges_store.hpp"
#include "focus/credit.hpp"

namespace calixo::challenges {

// lapsed: ended by the server, as no heartbeat came or the longest time was over.
enum class FocusState { running, finished, interrupted, lapsed };
BOOST_DESCRIBE_ENUM(FocusState, running, finished, interrupted, lapsed)

// As its person sees it.
struct FocusSession {
  std::int32_t id = 0;
  FocusState state = FocusState::running;
  std::optional<std::int32_t> user_challenge_id;
  std::optional<std::int32_t> planned_minutes;
  Timestamp started_at;
  Timestamp last_heartbeat_at;
  std::optional<Timestamp> ended_at;
  std::int32_t duration = 0;
  std::int32_t interruptions = 0;
  std::optional<std::int32_t> credited_seconds;
  std::optional<std::int32_t> reward;
  bool is_offline = false;
  std::optional<Uuid> client_id;
};
BOOST_DESCRIBE_STRUCT(FocusSession, (),
                      (id, state, user_challenge_id, planned_minutes, started_at, last_heartbeat_at,
                       ended_at, duration, interruptions, credited_seconds, reward, is_offline,
                       client_id))
CALIXO_RULES(FocusSession) {
  rules.at<&FocusSession::state>().describe(
      "lapsed: the server ended it, for want of heartbeats or because it was as long as may be");
  rules.at<&FocusSession::user_challenge_id>().describe("The attempt that it counts for");
  rules.at<&FocusSession::duration>().describe("Seconds that its heartbeats show");
  rules.at<&FocusSession::credited_seconds>().describe("What counts of them; null while it runs");
  rules.at<&FocusSession::reward>().describe(
      "What it earned; 0 where the attempt that it counts for is what pays; null while it runs");
  rules.at<&FocusSession::is_offline>().describe("Told of afterwards, by the client's clock");
}

// A running one, locked to the end of the transaction.
struct RunningFocus {
  std::int32_t id = 0;
  std::string user_id;
  std::optional<std::int32_t> user_challenge_id;
  Timestamp started_at;
  Timestamp last_heartbeat_at;
  std::int64_t missed_us = 0;
  std::int32_t interruptions = 0;
  Timestamp now;

  Attendance attendance() const { return {started_at, last_heartbeat_at, missed_us}; }
};
BOOST_DESCRIBE_STRUCT(RunningFocus, (),
                      (id, user_id, user_challenge_id, started_at, last_heartbeat_at, missed_us,
                       interruptions, now))

// What a session may be begun for.
struct FocusAttempt {
  bool is_open = false;
  std::string type;
};
BOOST_DESCRIBE_STRUCT(FocusAttempt, (), (is_open, type))

struct FocusFilter {
  std::optional<FocusState> state;
  std::optional<bool> is_offline;
  std::optional<std::int32_t> user_challenge_id;
  std::optional<Timestamp> from, to;  // of started_at; `to` itself is not within
};

// What the client says happened while it had no connection.
struct OfflineFocus {
  Timestamp started_at;
  Timestamp ended_at;
  std::int32_t interruptions = 0;
  Uuid client_id;
};

// How a session ends.
struct FocusEnd {
  FocusState state = FocusState::finished;
  Timestamp at;
  std::int64_t missed_us = 0;
  std::int64_t duration = 0;
  std::int32_t interruptions = 0;
  std::int64_t credited_seconds = 0;
  std::int64_t reward = 0;
};

// --- reads, as the caller ---
std::optional<FocusSession> find_focus(Database& db, std::string_view user_id, std::int32_t id);
std::optional<FocusSession> find_running_focus(Database& db, std::string_view user_id);
std::optional<FocusSession> find_focus_of_client(Database& db, std::string_view user_id,
                                                 const Uuid& client_id);
std::vector<FocusSession> list_focus(Database& db, std::string_view user_id,
                                     const FocusFilter& filter, const Slice& slice);
// Nothing where this person has no such attempt.
std::optional<FocusAttempt> find_focus_attempt(Database& db, std::string_view user_id,
                                               std::int32_t attempt_id);

// --- as the service ---
Timestamp clock_of(Database& service);
// Nothing where one of this person runs or ended later than now.
std::optional<FocusSession> begin_focus(Database& service, std::string_view user_id,
                                        std::optional<std::int32_t> attempt_id,
                                        std::int32_t planned_minutes);
// Locks the row. Nothing where this person has no such running session; of two at once the second
// finds what the first left.
std::optional<RunningFocus> lock_focus(Database& service, std::string_view user_id,
                                       std::int32_t id);
// The same of anybody's; nothing where another holds it.
std::optional<RunningFocus> lock_focus_unless_held(Database& service, std::int32_t id);
// Running ones that should have ended.
std::vector<std::int32_t> list_focus_over(Database& service, const CreditRules& rules,
                                          std::int64_t limit);

// Of locked ones.
FocusSession note_heartbeat(Database& service, std::int32_t id, const Attendance& attendance,
                            std::int32_t interruptions);
FocusSession end_focus(Database& service, std::int32_t id, const FocusEnd& end);

// Adds one that is over, without credit yet. Nothing where the client told of it already, or
// another session of this person lies on the same time: the database refuses that.
std::optional<FocusSession> add_offline_focus(Database& service, std::string_view user_id,
                                              const OfflineFocus& told);

}  // namespace calixo::challenges
