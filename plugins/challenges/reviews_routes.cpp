#include "reviews_routes.hpp"

#include <calixo/pages.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace calixo::challenges {
namespace {

bool is_reason(std::string_view text) {
  const auto is_fit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), is_fit);
}

constexpr Text kReasonText{.es = "Debe tener de 1 a 64 de a-z, 0-9 y _.",
                           .en = "Must be 1 to 64 of a-z, 0-9 and _."};

}  // namespace

struct JudgedQuery {
  AttemptStatus status = AttemptStatus::review;
  std::optional<Uuid> user_id;
  std::int32_t limit = 20;
  std::optional<std::string> cursor;
};
BOOST_DESCRIBE_STRUCT(JudgedQuery, (), (status, user_id, limit, cursor))
CALIXO_RULES(JudgedQuery) {
  rules.at<&JudgedQuery::status>().describe("Other than review only of one person");
  rules.at<&JudgedQuery::user_id>().describe("Whose; else everybody's");
  page_rules(rules);
}

struct ResolveRequest {
  bool accept;
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(ResolveRequest, (), (accept, reason))
CALIXO_RULES(ResolveRequest) {
  rules.at<&ResolveRequest::reason>()
      .check(&is_reason, "format", kReasonText)
      .describe("A stable code that its person sees");
  rules.closed();
}

struct ReverseRequest {
  std::optional<std::string> reason;
};
BOOST_DESCRIBE_STRUCT(ReverseRequest, (), (reason))
CALIXO_RULES(ReverseRequest) {
  rules.at<&ReverseRequest::reason>()
      .check(&is_reason, "format", kReasonText)
      .describe("A stable code that its person sees");
  rules.closed();
}

namespace {

Page<JudgedAttempt> list(Context& context, const ReviewsService& reviews,
                         const JudgedQuery& query) {
  context.vary_by_language();
  if (!query.user_id && query.status != AttemptStatus::review) {
    throw invalid("validation_failed")
        .error("user_id", "required",
               context.language() == "es" ? "Es obligatorio con este estado."
                                          : "Is required with this status.");
  }
  return reviews.list(context, {query.status, query.user_id}, slice_of(context, query));
}

std::int32_t id_of(const Context& context) { return context.path<std::int32_t>("id"); }

void register_messages(Plugin& plugin) {
  plugin.message("attempt_not_in_review", {.es = "Este intento no espera ninguna revisión.",
                                           .en = "This attempt waits for no review."});
  plugin.message("attempt_not_completed", {.es = "Este intento no está completado.",
                                           .en = "This attempt is not completed."});
  plugin.message("own_attempt", {.es = "Es tu propio intento: debe decidir otra persona.",
                                 .en = "It is your own attempt: somebody else has to decide."});
  plugin.message("wallet_unavailable",
                 {.es = "El monedero no está disponible: no se puede recuperar la recompensa.",
                  .en = "The wallet is not available: the reward can't be taken back."});
}

}  // namespace

void register_review_routes(Plugin& plugin, const ReviewsService& reviews) {
  RouteGroup group = plugin.group({"/api/admin/challenges/attempts"});
  group.allow(Role::moderator);
  group
      .get("", [&reviews](Context& context,
                          const JudgedQuery& query) { return list(context, reviews, query); })
      .read_only()
      .summary("Attempts that wait for a review, or those of one person, by age");
  group
      .post("/{id:int}/resolve",
            [&reviews](Context& context, const ResolveRequest& told) {
              return reviews.resolve(context, id_of(context), told.accept, told.reason);
            })
      .summary("Accepts an attempt in review, which then pays as a completion does, or fails it")
      .problem(403, "own_attempt")
      .problem(404, "attempt_not_found")
      .problem(409, "attempt_not_in_review");
  group
      .post("/{id:int}/reverse",
            [&reviews](Context& context, const ReverseRequest& told) {
              return reviews.reverse(context, id_of(context), told.reason);
            })
      .summary("Takes back what a completed attempt was paid, as far as it is still there")
      .problem(403, "own_attempt")
      .problem(404, "attempt_not_found")
      .problem(409, "attempt_not_completed")
      .problem(409, "wallet_unavailable");
  register_messages(plugin);
}

}  // namespace calixo::challenges
