#include "challenges_routes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "challenges_service.hpp"
#include "challenges_store.hpp"
#include "cursor.hpp"

namespace calixo::challenges {

struct ListQuery {
  std::optional<std::string> type;
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(ListQuery, (), (type, limit, cursor))
CALIXO_RULES(ListQuery) {
  rules.at<&ListQuery::type>().one_of({"daily", "focus", "social"});
  rules.at<&ListQuery::limit>().range(1, 100);
  rules.at<&ListQuery::cursor>().length(1, 64).describe("next of the page before");
}

struct AttemptsQuery {
  std::optional<AttemptStatus> status;
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(AttemptsQuery, (), (status, limit, cursor))
CALIXO_RULES(AttemptsQuery) {
  rules.at<&AttemptsQuery::limit>().range(1, 100);
  rules.at<&AttemptsQuery::cursor>().length(1, 64).describe("next of the page before");
}

struct StartRequest {
  std::int32_t challenge_id;
};
BOOST_DESCRIBE_STRUCT(StartRequest, (), (challenge_id))
CALIXO_RULES(StartRequest) { rules.at<&StartRequest::challenge_id>().min(1); }

struct CompleteRequest {
  std::int32_t user_challenge_id;
};
BOOST_DESCRIBE_STRUCT(CompleteRequest, (), (user_challenge_id))
CALIXO_RULES(CompleteRequest) { rules.at<&CompleteRequest::user_challenge_id>().min(1); }

namespace {

template <class Query>
Slice slice_of(const Context& context, const Query& query) {
  Slice slice;
  slice.limit = query.limit;
  if (!query.cursor) return slice;
  slice.after_id = id_of_cursor(*query.cursor);
  if (!slice.after_id) {
    const bool is_spanish = context.language() == "es";
    throw invalid("validation_failed")
        .error("cursor", "format",
               is_spanish ? "No es un cursor de esta lista." : "Is not a cursor of this list.");
  }
  return slice;
}

// Cuts the item that was read beyond the limit and says where the next page starts.
template <class Item>
Page<Item> page_of(std::vector<Item> items, std::int64_t limit) {
  Page<Item> page;
  const bool is_followed = static_cast<std::int64_t>(items.size()) > limit;
  if (is_followed) items.resize(static_cast<std::size_t>(limit));
  if (is_followed) page.next = cursor_after(items.back().id);
  page.items = std::move(items);
  return page;
}

// Titles come in the caller's language: a shared cache must keep the answers apart.
void vary_by_language(Context& context) { context.add_header("Vary", "Accept-Language"); }

Page<Challenge> list(Context& context, const ListQuery& query) {
  vary_by_language(context);
  const Slice slice = slice_of(context, query);
  Database db = context.db();
  return page_of(list_challenges(db, context.language(), query.type, slice), slice.limit);
}

Page<Attempt> attempts(Context& context, const AttemptsQuery& query) {
  vary_by_language(context);
  const Slice slice = slice_of(context, query);
  Database db = context.db();
  return page_of(list_attempts(db, context.language(), context.user_id(), query.status, slice),
                 slice.limit);
}

Attempt start_route(Context& context, const StartRequest& wanted) {
  return start(context, wanted.challenge_id);
}

Attempt complete_route(Context& context, const CompleteRequest& wanted) {
  return complete(context, wanted.user_challenge_id);
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
  plugin.message("attempt_not_open",
                 {.es = "Este intento ya no está abierto.", .en = "This attempt is not open."});
}

}  // namespace

void register_routes(Plugin& plugin) {
  plugin.get("/api/challenges", &list)
      .read_only()
      .summary("The challenges on offer, in the caller's language");
  plugin.post("/api/challenges/start", &start_route)
      .allow(Role::user)
      .status(201)
      .summary("Opens an attempt at a challenge")
      .problem(404, "challenge_not_found")
      .problem(409, "already_started");
  plugin.get("/api/user/challenges", &attempts)
      .allow(Role::user)
      .read_only()
      .summary("The caller's attempts, newest first");
  plugin.post("/api/user/challenges/complete", &complete_route)
      .allow(Role::user)
      .summary("Completes an open attempt")
      .problem(404, "attempt_not_found")
      .problem(409, "already_completed")
      .problem(409, "attempt_not_open");
  register_messages(plugin);
}

}  // namespace calixo::challenges
