// The life of a focus session: begun, shown to go on by heartbeats, then ended once: by its person,
// or by the server where it fell silent or was as long as may be. What can't be becomes a problem
// with its code.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "attempts_service.hpp"
#include "focus/focus_credit.hpp"
#include "focus/focus_settings.hpp"
#include "focus/sessions_store.hpp"

namespace calixo::challenges {

struct FocusStart {
  std::optional<std::int32_t> user_challenge_id;
  std::int32_t planned_minutes = 0;
};

// A session that is over, and the attempt that it counted for as that stands now.
struct EndedFocus : FocusSession {
  std::optional<Attempt> attempt;
};
BOOST_DESCRIBE_STRUCT(EndedFocus, (FocusSession), (attempt))
CALIXO_RULES(EndedFocus) {
  rules.title("EndedFocusSession");
  rules.at<&EndedFocus::attempt>().describe(
      "The attempt that it counted for; completed where the time sufficed");
}

// What the present local date holds.
struct FocusDayView {
  std::string date;
  std::string time_zone;
  std::int32_t credited_seconds = 0;
  std::int32_t cap = 0;
  std::optional<FocusSession> running;
};
BOOST_DESCRIBE_STRUCT(FocusDayView, (), (date, time_zone, credited_seconds, cap, running))
CALIXO_RULES(FocusDayView) {
  rules.title("FocusToday");
  rules.at<&FocusDayView::time_zone>().describe("The profile's, by which the date is");
  rules.at<&FocusDayView::cap>().describe("Most seconds that are credited for one date");
  rules.at<&FocusDayView::running>().describe("What counts of it is known at its end");
}

// [fiber, suspends]
class FocusService {
 public:
  // [startup]
  FocusService(Plugin& plugin, AttemptsService& attempts, const FocusSettings& settings)
      : plugin_(plugin), attempts_(attempts), settings_(settings), credits_(plugin, settings) {}

  // 409 focus_running; 422 focus_too_long; of an attempt 404 attempt_not_found, 409
  // attempt_not_open, 409 attempt_takes_no_focus.
  FocusSession start(Context& context, const FocusStart& wanted);

  // interruptions: of the whole session so far, so that a repeated heartbeat counts none twice.
  // 404 focus_session_not_found, 409 focus_session_ended.
  FocusSession heartbeat(Context& context, std::int32_t id, std::int32_t interruptions);

  // Ends it, counts and pays it, and offers its attempt to completion. Of one that is over: as it
  // ended. 404 focus_session_not_found.
  EndedFocus end(Context& context, std::int32_t id, FocusState as, std::int32_t interruptions);

  // Takes one that is over, once for one client_id. 409 focus_overlaps, 409 client_id_taken, 422
  // validation_failed.
  FocusSession add_offline(Context& context, const OfflineFocus& told);

  // 404 focus_session_not_found.
  FocusSession find(Context& context, std::int32_t id) const;
  std::vector<FocusSession> list(Context& context, const FocusFilter& filter,
                                 const Slice& slice) const;
  FocusDayView today(Context& context) const;

  // Ends sessions that fell silent or are as long as may be, at most `limit`, each in a transaction
  // of its own; the number of those ended. For a job; outside of requests.
  std::int64_t end_over(std::int64_t limit);

 private:
  void check_attempt(Context& context, std::int32_t attempt_id);
  // Whether a session of the caller runs; one that should have ended has then.
  bool goes_on(Context& context);
  // Ends a session that should have ended; whether it was one.
  bool has_lapsed(Transaction& tx, const RunningFocus& running);
  FocusSession end_at(Transaction& tx, const RunningFocus& running, Timestamp at, FocusState as,
                      std::int32_t interruptions);
  bool end_if_over(std::int32_t id);
  void log_not_ended(std::int32_t id, std::string_view reason) const;
  std::optional<Attempt> offer_attempt(Context& context, std::int32_t attempt_id);
  // What the client told of under this id before; 409 client_id_taken where that was another.
  static std::optional<FocusSession> told_before(Context& context, const OfflineFocus& told);
  void check_offline(Context& context, const OfflineFocus& told) const;
  std::optional<FocusSession> try_add(Context& context, const OfflineFocus& told);

  Plugin& plugin_;
  AttemptsService& attempts_;
  const FocusSettings& settings_;
  FocusCredits credits_;
};

}  // namespace calixo::challenges
