#include "attempts_routes.hpp"

#include <calixo/challenge_type.hpp>
#include <calixo/pages.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "streaks_store.hpp"

namespace calixo::challenges {

using JsonObject = std::map<std::string, Json>;

struct AttemptsQuery {
  std::optional<AttemptStatus> status;
  std::optional<std::string> type, from, to;
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(AttemptsQuery, (), (status, type, from, to, limit, cursor))
CALIXO_RULES(AttemptsQuery) {
  rules.at<&AttemptsQuery::type>().check(
      &detail::is_challenge_type_name, "format",
      {.es = "No es el nombre de un tipo.", .en = "Is not the name of a type."});
  rules.at<&AttemptsQuery::from>()
      .format(Format::date)
      .describe("Begun on this date or later, where the person is");
  rules.at<&AttemptsQuery::to>()
      .format(Format::date)
      .describe("Begun on this date or earlier, where the person is");
  page_rules(rules);
}

struct StartRequest {
  std::int32_t challenge_id;
};
BOOST_DESCRIBE_STRUCT(StartRequest, (), (challenge_id))
CALIXO_RULES(StartRequest) { rules.at<&StartRequest::challenge_id>().min(1); }

struct AbandonRequest {
  std::int32_t user_challenge_id;
};
BOOST_DESCRIBE_STRUCT(AbandonRequest, (), (user_challenge_id))
CALIXO_RULES(AbandonRequest) { rules.at<&AbandonRequest::user_challenge_id>().min(1); }

struct ProgressRequest {
  std::int32_t user_challenge_id;
  std::optional<JsonObject> progress;
};
BOOST_DESCRIBE_STRUCT(ProgressRequest, (), (user_challenge_id, progress))
CALIXO_RULES(ProgressRequest) {
  rules.at<&ProgressRequest::user_challenge_id>().min(1);
  rules.at<&ProgressRequest::progress>().describe("As the type's progress schema says");
}

struct CompleteRequest {
  std::int32_t user_challenge_id;
  std::optional<JsonObject> proof;
};
BOOST_DESCRIBE_STRUCT(CompleteRequest, (), (user_challenge_id, proof))
CALIXO_RULES(CompleteRequest) {
  rules.at<&CompleteRequest::user_challenge_id>().min(1);
  rules.at<&CompleteRequest::proof>().describe("As the type's proof schema says");
}

namespace {

constexpr std::uint64_t kBodyBytesMax = 64 * 1024;

std::string text_of(const std::optional<JsonObject>& object) {
  return object ? to_json(*object) : "{}";
}

Page<Attempt> list(Context& context, const AttemptsQuery& query) {
  context.vary_by_language();
  const Slice slice = slice_of(context, query);
  const AttemptFilter filter{query.status, query.type, query.from, query.to};
  Database db = context.db();
  return page_of(list_attempts(db, context.language(), context.user_id(), filter, slice),
                 slice.limit);
}

Streak streak(Context& context) {
  Database db = context.db();
  return find_streak(db, context.user_id());
}

void register_limit_messages(Plugin& plugin) {
  plugin.message("not_today",
                 {.es = "Hoy no toca este reto.", .en = "This challenge is not one of today's."});
  plugin.message("too_many_open",
                 {.es = "Tienes demasiados retos en marcha: termina o abandona alguno.",
                  .en = "You have too many challenges under way: end or abandon one."});
  plugin.message("starts_per_day_exceeded",
                 {.es = "Hoy has empezado ya todos los retos que caben en un día.",
                  .en = "You have started as many challenges today as a day may hold."});
  plugin.message("completions_per_day_exceeded",
                 {.es = "Hoy has completado ya todos los retos que caben en un día.",
                  .en = "You have completed as many challenges today as a day may hold."});
}

void register_messages(Plugin& plugin) {
  plugin.message("challenge_not_found",
                 {.es = "Ese reto no existe.", .en = "There is no such challenge."});
  plugin.message("already_started", {.es = "Ya tienes este reto en marcha.",
                                     .en = "You have already started this challenge."});
  plugin.message("attempt_not_found",
                 {.es = "Ese intento no existe.", .en = "There is no such attempt."});
  plugin.message("already_completed", {.es = "Este intento ya está completado.",
                                       .en = "This attempt is completed already."});
  plugin.message("attempt_in_review", {.es = "Alguien está revisando este intento.",
                                       .en = "This attempt is in review."});
  plugin.message("attempt_expired", {.es = "El tiempo de este intento se ha acabado.",
                                     .en = "The time of this attempt is over."});
  plugin.message("attempt_not_open",
                 {.es = "Este intento ya no está abierto.", .en = "This attempt is not open."});
  plugin.message("progress_not_taken", {.es = "Este reto no admite avances: complétalo.",
                                        .en = "This challenge takes no progress: complete it."});
  plugin.message("challenge_type_unavailable",
                 {.es = "Este tipo de reto no está disponible ahora.",
                  .en = "This type of challenge is not available now."});
  plugin.message("challenge_type_failed",
                 {.es = "Este tipo de reto ha fallado; no se ha cambiado nada.",
                  .en = "This type of challenge failed; nothing was changed."});
  plugin.message("rules_unfit",
                 {.es = "Las reglas de este reto no sirven para la versión actual de su tipo.",
                  .en = "The rules of this challenge do not fit its type's present version."});
}

}  // namespace

void register_attempt_routes(Plugin& plugin, AttemptsService& attempts) {
  plugin
      .post("/api/challenges/start",
            [&attempts](Context& context, const StartRequest& wanted) {
              return attempts.start(context, wanted.challenge_id);
            })
      .allow(Role::user)
      .status(201)
      .summary("Opens an attempt at a challenge")
      .problem(404, "challenge_not_found")
      .problem(409, "already_started")
      .problem(409, "challenge_type_unavailable")
      .problem(409, "not_today")
      .problem(409, "too_many_open")
      .problem(429, "starts_per_day_exceeded");
  plugin.get("/api/user/challenges", &list)
      .allow(Role::user)
      .read_only()
      .summary("The caller's attempts, newest first");
  plugin.get("/api/user/streak", &streak)
      .allow(Role::user)
      .read_only()
      .summary("The caller's streak: days in a row with a completion");
  plugin
      .post("/api/user/challenges/progress",
            [&attempts](Context& context, const ProgressRequest& told) {
              return attempts.progress(context, told.user_challenge_id, text_of(told.progress));
            })
      .allow(Role::user)
      .body_bytes_max(kBodyBytesMax)
      .summary("Tells of progress in an open attempt, where its type takes it")
      .problem(404, "attempt_not_found")
      .problem(409, "attempt_expired")
      .problem(409, "attempt_not_open")
      .problem(409, "progress_not_taken");
  plugin
      .post("/api/user/challenges/complete",
            [&attempts](Context& context, const CompleteRequest& claim) {
              return attempts.complete(context, claim.user_challenge_id, text_of(claim.proof));
            })
      .allow(Role::user)
      .body_bytes_max(kBodyBytesMax)
      .summary("Completes an open attempt, if its type accepts the proof")
      .problem(404, "attempt_not_found")
      .problem(409, "already_completed")
      .problem(409, "attempt_expired")
      .problem(409, "attempt_in_review")
      .problem(409, "attempt_not_open")
      .problem(429, "completions_per_day_exceeded");
  plugin
      .post("/api/user/challenges/abandon",
            [&attempts](Context& context, const AbandonRequest& wanted) {
              return attempts.abandon(context, wanted.user_challenge_id);
            })
      .allow(Role::user)
      .summary("Gives an open attempt up: it has failed, and another may begin")
      .problem(404, "attempt_not_found")
      .problem(409, "already_completed")
      .problem(409, "attempt_expired")
      .problem(409, "attempt_in_review")
      .problem(409, "attempt_not_open");
  register_messages(plugin);
  register_limit_messages(plugin);
}

}  // namespace calixo::challenges
