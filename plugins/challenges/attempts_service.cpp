#include "attempts_service.hpp"

#include "as_service.hpp"

namespace calixo::challenges {
namespace {

using detail::to_abi;

constexpr std::string_view kExpired = "attempt_expired";
constexpr std::string_view kAbandoned = "abandoned";

std::int64_t unix_us_or_0(const std::optional<Timestamp>& time) { return time ? time->unix_us : 0; }

// Views into `attempt` and `language`.
calixo_attempt for_hooks(const OpenAttempt& attempt, calixo_tx* tx, std::string_view language) {
  calixo_attempt abi{};
  abi.struct_size = sizeof abi;
  abi.progress_count = static_cast<std::uint32_t>(attempt.progress_count);
  abi.id = attempt.id;
  abi.challenge_id = attempt.challenge_id;
  abi.started_at_us = attempt.started_at.unix_us;
  abi.now_us = attempt.now.unix_us;
  abi.last_progress_at_us = unix_us_or_0(attempt.last_progress_at);
  abi.expires_at_us = unix_us_or_0(attempt.expires_at);
  abi.user_id = to_abi(attempt.user_id);
  abi.language = to_abi(language);
  abi.rules_json = to_abi(attempt.rules_json);
  abi.state_json = to_abi(attempt.state_json);
  abi.tx = tx;
  return abi;
}

struct ExpireHookFailed {
  calixo_status status;
};

}  // namespace

const OfferedType& AttemptsService::type_of(const OpenAttempt& attempt) const {
  const OfferedType* type = types_.find(attempt.type);
  if (type == nullptr) throw conflict("challenge_type_unavailable");
  return *type;
}

VerdictCheck AttemptsService::check_of(const OfferedType& type, Hook hook) const {
  return VerdictCheck(plugin_.log(), type, hook, settings_.reward_factor_max.get());
}

// --- start ---

Beginning AttemptsService::beginning(std::string_view user_id, std::int32_t challenge_id) const {
  return {.user_id = user_id,
          .challenge_id = challenge_id,
          .types = types_.names(),
          .expiries_s = types_.expiries_s(),
          .daily_set_size = settings_.daily_set_size.get(),
          .per_day_max = settings_.starts_per_day_max.get(),
          .open_max = settings_.open_max.get()};
}

Attempt AttemptsService::start(Context& context, std::int32_t challenge_id) {
  const Beginning wanted = beginning(context.user_id(), challenge_id);
  if (auto attempt = try_start(context, wanted)) return std::move(*attempt);
  // An open attempt that nobody has ended yet, though its time is over, makes room.
  Database db = context.db();
  if (const auto expired = find_expired(db, context.user_id(), challenge_id)) {
    context.transaction([&](Transaction& tx) {
      const auto attempt = lock_attempt(tx, context.user_id(), *expired);
      if (attempt && attempt->is_past_expiry()) expire(tx, *attempt, context.language());
    });
    if (auto attempt = try_start(context, wanted)) return std::move(*attempt);
  }
  explain_no_start(context, wanted);
}

std::optional<Attempt> AttemptsService::try_start(Context& context, const Beginning& wanted) {
  return context.transaction([&](Transaction& tx) -> std::optional<Attempt> {
    Database service = as_service(plugin_, tx);
    const auto begun = begin_attempt(service, wanted);
    if (!begun) return std::nullopt;
    const OfferedType& type = type_of(*begun);
    const VerdictCheck check = check_of(type, Hook::start);
    Decision decision;
    if (type.table->start != nullptr) {
      const calixo_attempt attempt = for_hooks(*begun, tx.handle(), context.language());
      decision = check.run([&](calixo_decide_fn decide, void* sink) {
        return type.table->start(type.table->user, &attempt, decide, sink);
      });
    }
    return check.effect(
        [&] { return keep_state(service, context.language(), *begun, decision.state_json); });
  });
}

void AttemptsService::explain_no_start(Context& context, const Beginning& wanted) {
  Database service = context.service_db();
  const Hindrances found = or_fail(hindrances_of(service, wanted), not_found("challenge"));
  if (types_.find(found.type) == nullptr) throw conflict("challenge_type_unavailable");
  if (found.is_started) throw conflict("already_started");
  if (found.is_of_another_day) throw conflict("not_today");
  if (found.starts_in_s > 0) {
    throw Problem(429, "starts_per_day_exceeded")
        .retry_after_s(static_cast<std::uint32_t>(found.starts_in_s));
  }
  // What stood against it may have gone meanwhile: the answer is right about then.
  throw conflict(found.are_too_many_open ? "too_many_open" : "already_started");
}

// --- progress and completion ---

Attempt AttemptsService::with_open_attempt(Context& context, std::int32_t attempt_id,
                                           const Decide& decide) {
  bool is_found = false;
  auto decided = context.transaction([&](Transaction& tx) -> std::optional<Attempt> {
    const auto attempt = lock_attempt(tx, context.user_id(), attempt_id);
    is_found = attempt.has_value();
    if (!is_found) return std::nullopt;
    if (attempt->is_past_expiry()) {
      expire(tx, *attempt, context.language());
      return std::nullopt;
    }
    return decide(tx, *attempt);
  });
  if (decided) return std::move(*decided);
  if (is_found) throw conflict(kExpired);
  explain_not_open(context, attempt_id);
}

void AttemptsService::explain_not_open(Context& context, std::int32_t attempt_id) {
  Database db = context.db();
  const Ending ending = or_fail(ending_of(db, context.user_id(), attempt_id), not_found("attempt"));
  if (ending.status == AttemptStatus::completed) throw conflict("already_completed");
  if (ending.status == AttemptStatus::review) throw conflict("attempt_in_review");
  throw conflict(ending.reason == kExpired ? kExpired : "attempt_not_open");
}

Attempt AttemptsService::progress(Context& context, std::int32_t attempt_id,
                                  std::string_view progress_json) {
  return with_open_attempt(context, attempt_id, [&](Transaction& tx, const OpenAttempt& open) {
    const OfferedType& type = type_of(open);
    require(type.takes_progress(), conflict("progress_not_taken"));
    const calixo_attempt attempt = for_hooks(open, tx.handle(), context.language());
    const VerdictCheck check = check_of(type, Hook::progress);
    const Decision decision = check.run([&](calixo_decide_fn decide, void* sink) {
      return type.table->progress(type.table->user, &attempt, to_abi(progress_json), decide, sink);
    });
    Database service = as_service(plugin_, tx);
    return check.effect(
        [&] { return note_progress(service, context.language(), open, decision.state_json); });
  });
}

Decision AttemptsService::judge(const calixo_attempt& attempt, const OfferedType& type,
                                const VerdictCheck& check, std::string_view proof_json) const {
  return check.run([&](calixo_decide_fn decide, void* sink) {
    return type.table->complete(type.table->user, &attempt, to_abi(proof_json), decide, sink);
  });
}

// A request with an Idempotency-Key is one transaction, in which others can't take part.
std::optional<Attempt> AttemptsService::complete_as_shown(Context& context, std::int32_t attempt_id,
                                                          std::string_view proof_json) {
  if (context.header("Idempotency-Key")) return std::nullopt;
  Database db = context.db();
  const auto shown = find_open(db, context.user_id(), attempt_id);
  if (!shown || shown->attempt.is_past_expiry()) return std::nullopt;
  const OfferedType* const type = types_.find(shown->attempt.type);
  if (type == nullptr || type->needs_database()) return std::nullopt;
  try {
    const calixo_attempt attempt = for_hooks(shown->attempt, nullptr, context.language());
    const Decision decision = judge(attempt, *type, check_of(*type, Hook::complete), proof_json);
    if (decision.is_review) return std::nullopt;
    return completions_.complete_among_others(context, *shown, decision);
  } catch (const DbError& error) {
    if (!error.is_retryable()) throw;
    return std::nullopt;
  }
}

Attempt AttemptsService::complete(Context& context, std::int32_t attempt_id,
                                  std::string_view proof_json) {
  if (auto completed = complete_as_shown(context, attempt_id, proof_json)) {
    return std::move(*completed);
  }
  return with_open_attempt(context, attempt_id, [&](Transaction& tx, const OpenAttempt& open) {
    const OfferedType& type = type_of(open);
    const calixo_attempt attempt =
        for_hooks(open, type.needs_database() ? tx.handle() : nullptr, context.language());
    const VerdictCheck check = check_of(type, Hook::complete);
    const Decision decision = judge(attempt, type, check, proof_json);
    return check.effect([&] {
      if (!decision.is_review) {
        return completions_.complete(tx, context.language(), open, decision);
      }
      Database service = as_service(plugin_, tx);
      return mark_for_review(service, context.language(), open, decision.state_json, decision.code);
    });
  });
}

Attempt AttemptsService::abandon(Context& context, std::int32_t attempt_id) {
  return with_open_attempt(context, attempt_id, [&](Transaction& tx, const OpenAttempt& open) {
    return mark_failed(tx, context.language(), open, kAbandoned);
  });
}

// --- expiry ---

// Its own savepoint: whatever the hook does, the attempt ends.
calixo_status AttemptsService::run_expire_hook(Transaction& tx, const OfferedType& type,
                                               const calixo_attempt& attempt) {
  try {
    tx.savepoint([&] {
      const calixo_status status =
          detail::suspending([&] { return type.table->expire(type.table->user, &attempt); });
      if (status != CALIXO_OK) throw ExpireHookFailed{status};
      tx.execute("select");  // fails where a statement of the hook did and the hook went on
    });
    return CALIXO_OK;
  } catch (const ExpireHookFailed& failed) {
    return failed.status;
  } catch (const DbError& error) {
    if (error.sqlstate() != "25P02") throw;
    return CALIXO_SQL_ERROR;
  }
}

void AttemptsService::expire(Transaction& tx, const OpenAttempt& open, std::string_view language) {
  const OfferedType* type = types_.find(open.type);
  if (type != nullptr && type->table->expire != nullptr) {
    const calixo_attempt attempt = for_hooks(open, tx.handle(), language);
    const calixo_status status = run_expire_hook(tx, *type, attempt);
    if (status == CALIXO_CONFLICT) {
      throw DbError(CALIXO_SQL_ERROR, "40001", "a challenge type asks to run again");
    }
    if (status != CALIXO_OK) {
      plugin_.log().error(
          "challenge type failed",
          {{"type", type->name}, {"of", type->plugin_id}, {"hook", "expire"}, {"status", status}});
    }
  }
  Database service = as_service(plugin_, tx);
  mark_failed(service, language, open, kExpired);
}

std::int64_t AttemptsService::expire_due(std::int64_t limit) {
  Database db = plugin_.service_db();
  std::int64_t ended = 0;
  for (const std::int32_t id : list_expired(db, limit)) {
    ended += plugin_.service_transaction([&](Transaction& tx) -> std::int64_t {
      const auto attempt = lock_expired(tx, id);
      if (!attempt) return 0;
      expire(tx, *attempt, "es");
      return 1;
    });
  }
  return ended;
}

}  // namespace calixo::challenges
