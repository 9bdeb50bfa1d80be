#include "reviews_service.hpp"

#include <calixo/pages.hpp>

namespace calixo::challenges {

Page<JudgedAttempt> ReviewsService::list(Context& context, const JudgedFilter& filter,
                                         const Slice& slice) const {
  Database db = context.db();
  return page_of(list_judged(db, context.language(), filter, slice), slice.limit);
}

JudgedAttempt ReviewsService::decide(Context& context, std::int32_t id, AttemptStatus status,
                                     const char* wrong_status, const Decide& decide) const {
  return context.service_transaction([&](Transaction& tx) {
    const auto found = lock_judgeable(tx, id, status);
    if (!found) {
      or_fail(status_of(tx, id), not_found("attempt"));
      throw conflict(wrong_status);
    }
    require(found->attempt.user_id != context.user_id(), "own_attempt");
    decide(tx, *found);
    return or_fail(find_judged(tx, context.language(), id), not_found("attempt"));
  });
}

JudgedAttempt ReviewsService::resolve(Context& context, std::int32_t id, bool is_accepted,
                                      const std::optional<std::string>& reason) const {
  return decide(context, id, AttemptStatus::review, "attempt_not_in_review",
                [&](Transaction& tx, const Judgeable& waiting) {
                  if (is_accepted) {
                    completions_.accept(tx, waiting.attempt, {context.user_id(), reason});
                  } else {
                    mark_rejected(tx, id, {context.user_id(), reason.value_or("rejected")});
                  }
                });
}

JudgedAttempt ReviewsService::reverse(Context& context, std::int32_t id,
                                      const std::optional<std::string>& reason) const {
  return decide(
      context, id, AttemptStatus::completed, "attempt_not_completed",
      [&](Transaction& tx, const Judgeable& completed) {
        const std::int64_t taken_back = completions_.take_back(tx, completed);
        mark_reversed(tx, id, taken_back, {context.user_id(), reason.value_or("reversed")});
      });
}

}  // namespace calixo::challenges
