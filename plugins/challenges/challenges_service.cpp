#include "challenges_service.hpp"

namespace calixo::challenges {

Attempt start(Context& context, std::int32_t challenge_id) {
  Database db = context.db();
  auto attempt = start_attempt(db, context.language(), context.user_id(), challenge_id);
  if (attempt) return std::move(*attempt);
  require(is_on_offer(db, challenge_id), not_found("challenge"));
  throw conflict("already_started");
}

Attempt complete(Context& context, std::int32_t attempt_id) {
  Database db = context.db();
  auto attempt = complete_attempt(db, context.language(), context.user_id(), attempt_id);
  if (attempt) return std::move(*attempt);
  const auto status =
      or_fail(attempt_status(db, context.user_id(), attempt_id), not_found("attempt"));
  throw conflict(status == AttemptStatus::completed ? "already_completed" : "attempt_not_open");
}

}  // namespace calixo::challenges
