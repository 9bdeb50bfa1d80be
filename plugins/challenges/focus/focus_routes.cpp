#include "focus/focus_routes.hpp"

#include <calixo/pages.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace calixo::challenges {

constexpr std::int32_t kInterruptionsMost = 10'000;
constexpr const char* kInterruptionsText = "So far in the whole session; it never gets less";

struct FocusStartRequest {
  std::int32_t planned_minutes;
  std::optional<std::int32_t> user_challenge_id;
};
BOOST_DESCRIBE_STRUCT(FocusStartRequest, (), (planned_minutes, user_challenge_id))
CALIXO_RULES(FocusStartRequest) {
  rules.at<&FocusStartRequest::planned_minutes>().range(1, 1440).describe(
      "At most focus.session_minutes_max");
  rules.at<&FocusStartRequest::user_challenge_id>().min(1).describe(
      "An open attempt of type focus: it then counts by its sessions alone, and pays for them");
}

struct FocusSign {
  std::int32_t interruptions = 0;
};
BOOST_DESCRIBE_STRUCT(FocusSign, (), (interruptions))
CALIXO_RULES(FocusSign) {
  rules.at<&FocusSign::interruptions>().range(0, kInterruptionsMost).describe(kInterruptionsText);
}

struct FocusSignOf {
  std::int32_t id;
  std::int32_t interruptions = 0;
};
BOOST_DESCRIBE_STRUCT(FocusSignOf, (), (id, interruptions))
CALIXO_RULES(FocusSignOf) {
  rules.at<&FocusSignOf::id>().min(1);
  rules.at<&FocusSignOf::interruptions>().range(0, kInterruptionsMost).describe(kInterruptionsText);
}

struct OfflineFocusRequest {
  Timestamp started_at;
  Timestamp ended_at;
  std::int32_t interruptions = 0;
  Uuid client_id;
};
BOOST_DESCRIBE_STRUCT(OfflineFocusRequest, (), (started_at, ended_at, interruptions, client_id))
CALIXO_RULES(OfflineFocusRequest) {
  rules.at<&OfflineFocusRequest::started_at>().required();
  rules.at<&OfflineFocusRequest::ended_at>().required();
  rules.at<&OfflineFocusRequest::interruptions>().range(0, kInterruptionsMost);
  rules.at<&OfflineFocusRequest::client_id>().required().describe(
      "The client's own name of the session: told again, it counts once");
}

struct FocusQuery {
  std::optional<FocusState> state;
  std::optional<bool> is_offline;
  std::optional<std::int32_t> user_challenge_id;
  std::optional<Timestamp> from;
  std::optional<Timestamp> to;
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(FocusQuery, (),
                      (state, is_offline, user_challenge_id, from, to, limit, cursor))
CALIXO_RULES(FocusQuery) {
  rules.at<&FocusQuery::from>().describe("Begun then or later");
  rules.at<&FocusQuery::to>().describe("Begun before then");
  page_rules(rules);
}

namespace {

std::int32_t id_of(const Context& context) { return context.path<std::int32_t>("id"); }

// The body may be left out.
std::int32_t interruptions_of(const Context& context) {
  if (context.raw_body().empty()) return 0;
  return parse_json<FocusSign>(context.raw_body(), context.language()).interruptions;
}

Page<FocusSession> list(Context& context, const FocusService& sessions, const FocusQuery& query) {
  const Slice slice = slice_of(context, query);
  const FocusFilter filter{query.state, query.is_offline, query.user_challenge_id, query.from,
                           query.to};
  return page_of(sessions.list(context, filter, slice), slice.limit);
}

void register_reads(Plugin& plugin, const FocusService& sessions) {
  plugin
      .get("/api/focus-sessions",
           [&sessions](Context& context, const FocusQuery& query) {
             return list(context, sessions, query);
           })
      .allow(Role::user)
      .read_only()
      .summary("The caller's focus sessions, newest first");
  plugin.get("/api/focus-sessions/today", bind(sessions, &FocusService::today))
      .allow(Role::user)
      .read_only()
      .summary("What is credited to the caller today, and the session that runs");
  plugin
      .get("/api/focus-sessions/{id:int}",
           [&sessions](Context& context) { return sessions.find(context, id_of(context)); })
      .allow(Role::user)
      .read_only()
      .summary("One of the caller's focus sessions")
      .problem(404, "focus_session_not_found");
}

void register_start(Plugin& plugin, FocusService& sessions) {
  plugin
      .post("/api/focus-sessions",
            [&sessions](Context& context, const FocusStartRequest& wanted) {
              return sessions.start(context, {wanted.user_challenge_id, wanted.planned_minutes});
            })
      .allow(Role::user)
      .status(201)
      .summary("Begins a focus session now")
      .problem(404, "attempt_not_found")
      .problem(409, "focus_running")
      .problem(409, "attempt_not_open")
      .problem(409, "attempt_takes_no_focus")
      .problem(422, "focus_too_long");
  plugin
      .post("/api/focus-sessions/offline",
            [&sessions](Context& context, const OfflineFocusRequest& told) {
              return sessions.add_offline(
                  context, {told.started_at, told.ended_at, told.interruptions, told.client_id});
            })
      .allow(Role::user)
      .status(201)
      .summary("Tells of a session that is over, once for one client_id; it pays less")
      .problem(409, "focus_overlaps")
      .problem(409, "client_id_taken");
}

void register_heartbeats(Plugin& plugin, FocusService& sessions) {
  plugin
      .post("/api/focus-sessions/{id:int}/heartbeat",
            [&sessions](Context& context) {
              return sessions.heartbeat(context, id_of(context), interruptions_of(context));
            })
      .allow(Role::user)
      .request<FocusSign>()
      .summary("Shows that a session goes on")
      .problem(404, "focus_session_not_found")
      .problem(409, "focus_session_ended");
  plugin
      .post("/api/focus-sessions/heartbeat",
            [&sessions](Context& context, const FocusSignOf& sign) {
              return sessions.heartbeat(context, sign.id, sign.interruptions);
            })
      .allow(Role::user)
      .summary("The same, with the session's id in the body")
      .problem(404, "focus_session_not_found")
      .problem(409, "focus_session_ended");
}

void register_end(Plugin& plugin, FocusService& sessions, std::string_view verb, FocusState as,
                  std::string_view summary) {
  plugin
      .post("/api/focus-sessions/{id:int}/" + std::string(verb),
            [&sessions, as](Context& context) {
              context.vary_by_language();
              return sessions.end(context, id_of(context), as, interruptions_of(context));
            })
      .allow(Role::user)
      .request<FocusSign>()
      .summary(summary)
      .problem(404, "focus_session_not_found");
}

void register_messages(Plugin& plugin) {
  plugin.message("focus_running", {.es = "Ya tienes una sesión de concentración en marcha.",
                                   .en = "You have a focus session running already."});
  plugin.message("focus_too_long", {.es = "Una sesión de concentración no puede durar tanto.",
                                    .en = "A focus session can't be that long."});
  plugin.message("focus_session_not_found", {.es = "Esa sesión de concentración no existe.",
                                             .en = "There is no such focus session."});
  plugin.message("focus_session_ended", {.es = "Esta sesión de concentración ha terminado.",
                                         .en = "This focus session has ended."});
  plugin.message("focus_overlaps", {.es = "En ese tiempo ya tienes otra sesión de concentración.",
                                    .en = "You have another focus session in that time."});
  plugin.message("client_id_taken", {.es = "Con ese client_id ya contaste otra sesión.",
                                     .en = "You told of another session by that client_id."});
  plugin.message("attempt_takes_no_focus", {.es = "Ese reto no es de concentración.",
                                            .en = "That challenge is none of focus."});
}

}  // namespace

void register_focus_routes(Plugin& plugin, FocusService& sessions) {
  register_reads(plugin, sessions);
  register_start(plugin, sessions);
  register_heartbeats(plugin, sessions);
  register_end(plugin, sessions, "finish", FocusState::finished,
               "Ends a session; one that is over is answered as it ended");
  register_end(plugin, sessions, "interrupt", FocusState::interrupted,
               "Breaks a session off; what was attended counts");
  register_messages(plugin);
}

}  // namespace calixo::challenges
