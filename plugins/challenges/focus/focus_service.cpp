#include "focus/focus_service.hpp"

#include <algorithm>
#include <chrono>

#include "focus/days_store.hpp"

namespace calixo::challenges {
namespace {

constexpr std::string_view kFocusType = "focus";
// Whatever was in the way may be gone by the next try.
constexpr int kTriesMax = 3;

bool is_same(const FocusSession& session, const OfflineFocus& told) {
  return session.started_at == told.started_at && session.ended_at == told.ended_at &&
         session.interruptions == told.interruptions;
}

}  // namespace

// --- start ---

FocusSession FocusService::start(Context& context, const FocusStart& wanted) {
  require(wanted.planned_minutes <= settings_.session_minutes_max.get(), invalid("focus_too_long"));
  if (wanted.user_challenge_id) check_attempt(context, *wanted.user_challenge_id);
  for (int tries = 1; tries <= kTriesMax; ++tries) {
    Database service = context.service_db();
    auto begun =
        begin_focus(service, context.user_id(), wanted.user_challenge_id, wanted.planned_minutes);
    if (begun) return *begun;
    if (goes_on(context)) break;
  }
  throw conflict("focus_running");
}

void FocusService::check_attempt(Context& context, std::int32_t attempt_id) {
  Database db = context.db();
  const FocusAttempt attempt =
      or_fail(find_focus_attempt(db, context.user_id(), attempt_id), not_found("attempt"));
  require(attempt.type == kFocusType, conflict("attempt_takes_no_focus"));
  require(attempt.is_open, conflict("attempt_not_open"));
}

bool FocusService::goes_on(Context& context) {
  Database db = context.db();
  const auto seen = find_running_focus(db, context.user_id());
  if (!seen) return false;
  return context.service_transaction([&](Transaction& tx) {
    const auto running = lock_focus(tx, context.user_id(), seen->id);
    return running && !has_lapsed(tx, *running);
  });
}

// --- heartbeat ---

FocusSession FocusService::heartbeat(Context& context, std::int32_t id,
                                     std::int32_t interruptions) {
  const auto noted =
      context.service_transaction([&](Transaction& tx) -> std::optional<FocusSession> {
        const auto running = lock_focus(tx, context.user_id(), id);
        if (!running || has_lapsed(tx, *running)) return std::nullopt;
        const Attendance attendance =
            attended_until(running->attendance(), running->now, settings_.credit_rules());
        return note_heartbeat(tx, id, attendance, std::max(interruptions, running->interruptions));
      });
  if (noted) return *noted;
  find(context, id);
  throw conflict("focus_session_ended");
}

// --- end ---

EndedFocus FocusService::end(Context& context, std::int32_t id, FocusState as,
                             std::int32_t interruptions) {
  const auto session =
      context.service_transaction([&](Transaction& tx) -> std::optional<FocusSession> {
        const auto running = lock_focus(tx, context.user_id(), id);
        if (!running) return find_focus(tx, context.user_id(), id);
        const Moment moment =
            moment_of(running->attendance(), running->now, settings_.credit_rules());
        return end_at(tx, *running, moment.at,
                      moment.over == Over::silent ? FocusState::lapsed : as,
                      std::max(interruptions, running->interruptions));
      });
  EndedFocus ended{or_fail(session, not_found("focus_session")), std::nullopt};
  if (ended.user_challenge_id) ended.attempt = offer_attempt(context, *ended.user_challenge_id);
  return ended;
}

FocusSession FocusService::end_at(Transaction& tx, const RunningFocus& running, Timestamp at,
                                  FocusState as, std::int32_t interruptions) {
  const Attendance attendance = attended_until(running.attendance(), at, settings_.credit_rules());
  FocusSpan span;
  span.user_id = running.user_id;
  span.started_at = running.started_at;
  span.ended_at = at;
  span.attended_s = attended_s(attendance);
  span.interruptions = interruptions;
  span.is_of_attempt = running.user_challenge_id.has_value();
  const FocusCredit credit = credits_.count(tx, span);
  FocusSession ended = end_focus(tx, running.id,
                                 {.state = as,
                                  .at = at,
                                  .missed_us = attendance.missed_us,
                                  .duration = span.attended_s,
                                  .interruptions = interruptions,
                                  .credited_seconds = credit.seconds,
                                  .reward = credit.reward});
  credits_.pay(tx, running.user_id, running.id, credit);
  return ended;
}

bool FocusService::has_lapsed(Transaction& tx, const RunningFocus& running) {
  const Moment moment = moment_of(running.attendance(), running.now, settings_.credit_rules());
  if (moment.over == Over::no) return false;
  end_at(tx, running, moment.at, FocusState::lapsed, running.interruptions);
  return true;
}

// The session has ended, whatever becomes of the attempt: what the type or the attempt says against
// it shows in the attempt as it stands. Where the server could not ask, the client comes again.
std::optional<Attempt> FocusService::offer_attempt(Context& context, std::int32_t attempt_id) {
  try {
    return attempts_.complete(context, attempt_id, "{}");
  } catch (const Problem&) {
    Database db = context.db();
    return find_attempt(db, context.language(), attempt_id);
  }
}

std::int64_t FocusService::end_over(std::int64_t limit) {
  Database db = plugin_.service_db();
  std::int64_t ended = 0;
  for (const std::int32_t id : list_focus_over(db, settings_.credit_rules(), limit)) {
    if (end_if_over(id)) ++ended;
  }
  return ended;
}

// One whose credit can't be paid holds up no other; it is tried again at the next sweep.
bool FocusService::end_if_over(std::int32_t id) {
  try {
    return plugin_.service_transaction([&](Transaction& tx) {
      const auto running = lock_focus_unless_held(tx, id);
      return running && has_lapsed(tx, *running);
    });
  } catch (const DbError& error) {
    if (error.status() != CALIXO_SQL_ERROR) throw;  // the database was not there
    log_not_ended(id, error.what());
  } catch (const HostFailure& failure) {
    if (failure.status() != CALIXO_INVALID && failure.status() != CALIXO_NOT_FOUND &&
        failure.status() != CALIXO_INTERNAL) {
      throw;  // the server is short of something, or ends
    }
    log_not_ended(id, failure.what());
  }
  return false;
}

void FocusService::log_not_ended(std::int32_t id, std::string_view reason) const {
  plugin_.log().error("focus session not ended", {{"session", id}, {"error", reason}});
}

// --- reads ---

FocusSession FocusService::find(Context& context, std::int32_t id) const {
  Database db = context.db();
  return or_fail(find_focus(db, context.user_id(), id), not_found("focus_session"));
}

std::vector<FocusSession> FocusService::list(Context& context, const FocusFilter& filter,
                                             const Slice& slice) const {
  Database db = context.db();
  return list_focus(db, context.user_id(), filter, slice);
}

FocusDayView FocusService::today(Context& context) const {
  Database db = context.db();
  const FocusToday today = read_focus_today(db, context.user_id());
  FocusDayView view;
  view.date = today.local_date;
  view.time_zone = today.time_zone;
  view.credited_seconds = today.credited_seconds;
  view.cap = static_cast<std::int32_t>(settings_.credited_minutes_per_day_max.get() * 60);
  view.running = find_running_focus(db, context.user_id());
  return view;
}

// --- offline ---

FocusSession FocusService::add_offline(Context& context, const OfflineFocus& told) {
  if (const auto before = told_before(context, told)) return *before;
  check_offline(context, told);
  for (int tries = 1; tries <= kTriesMax; ++tries) {
    if (const auto added = try_add(context, told)) return *added;
    if (const auto before = told_before(context, told)) return *before;
    if (goes_on(context)) break;
  }
  throw conflict("focus_overlaps");
}

std::optional<FocusSession> FocusService::told_before(Context& context, const OfflineFocus& told) {
  Database db = context.db();
  const auto before = find_focus_of_client(db, context.user_id(), told.client_id);
  require(!before || is_same(*before, told), conflict("client_id_taken"));
  return before;
}

std::optional<FocusSession> FocusService::try_add(Context& context, const OfflineFocus& told) {
  return context.service_transaction([&](Transaction& tx) -> std::optional<FocusSession> {
    const auto added = add_offline_focus(tx, context.user_id(), told);
    if (!added) return std::nullopt;
    FocusSpan span;
    span.user_id = context.user_id();
    span.started_at = told.started_at;
    span.ended_at = told.ended_at;
    span.attended_s = attended_s({told.started_at, told.ended_at});
    span.interruptions = told.interruptions;
    span.is_offline = true;
    const FocusCredit credit = credits_.count(tx, span);
    FocusSession counted = end_focus(tx, added->id,
                                     {.state = FocusState::finished,
                                      .at = told.ended_at,
                                      .missed_us = 0,
                                      .duration = span.attended_s,
                                      .interruptions = told.interruptions,
                                      .credited_seconds = credit.seconds,
                                      .reward = credit.reward});
    credits_.pay(tx, context.user_id(), added->id, credit);
    return counted;
  });
}

void FocusService::check_offline(Context& context, const OfflineFocus& told) const {
  Database service = context.service_db();
  const Timestamp now = clock_of(service);
  const bool is_spanish = context.language() == "es";
  Problem problem = invalid("validation_failed");
  const auto refuse = [&](std::string_view field, std::string_view es, std::string_view en) {
    problem.error(field, "range", is_spanish ? es : en);
  };
  if (told.ended_at > now) refuse("ended_at", "Está en el futuro.", "Is in the future.");
  if (told.ended_at <= told.started_at) {
    refuse("ended_at", "No es posterior a started_at.", "Is not after started_at.");
  }
  if (told.started_at < now - std::chrono::hours(settings_.offline_age_h_max.get())) {
    refuse("started_at", "Hace demasiado tiempo.", "Is too long ago.");
  }
  if (told.ended_at - told.started_at > std::chrono::minutes(settings_.session_minutes_max.get())) {
    refuse("ended_at", "La sesión es demasiado larga.", "The session is too long.");
  }
  if (!problem.errors().empty()) throw problem;
}

}  // namespace calixo::challenges
