// The life of an attempt: started, told of, then completed, given up or expired, once, as its type
// decides.
// What can't be becomes a problem with its code. The type's hooks run in the transaction that
// changes the attempt, whose row is locked.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "attempts_store.hpp"
#include "completions.hpp"
#include "settings.hpp"
#include "starts_store.hpp"
#include "type_directory.hpp"
#include "verdict_check.hpp"

namespace calixo::challenges {

// Problems of a hook (verdict_check.hpp) come on top of those named. [fiber, suspends]
class AttemptsService {
 public:
  AttemptsService(Plugin& plugin, const TypeDirectory& types, const Settings& settings,
                  Completions& completions)
      : plugin_(plugin), types_(types), settings_(settings), completions_(completions) {}

  // 404 challenge_not_found; 409 already_started, challenge_type_unavailable, not_today,
  // too_many_open; 429 starts_per_day_exceeded.
  Attempt start(Context& context, std::int32_t challenge_id);

  // 404 attempt_not_found; 409 already_completed, attempt_in_review, attempt_expired,
  // attempt_not_open, challenge_type_unavailable; progress also 409 progress_not_taken, complete
  // 429 completions_per_day_exceeded. The JSON is an object.
  Attempt progress(Context& context, std::int32_t attempt_id, std::string_view progress_json);
  Attempt complete(Context& context, std::int32_t attempt_id, std::string_view proof_json);
  // The person gives up: 404 and 409 as above, whether or not its type is there.
  Attempt abandon(Context& context, std::int32_t attempt_id);

  // Fails attempts that are past their time, at most `limit`, each in a transaction of its own: one
  // that can't be ended holds up no other. The number of those ended. For a job; outside of
  // requests.
  std::int64_t expire_due(std::int64_t limit);

 private:
  using Decide = std::function<Attempt(Transaction&, const OpenAttempt&)>;

  Beginning beginning(std::string_view user_id, std::int32_t challenge_id) const;
  std::optional<Attempt> try_start(Context& context, const Beginning& wanted);
  [[noreturn]] void explain_no_start(Context& context, const Beginning& wanted);
  // Judges the attempt as it is read. Nothing where that is not enough: then it is locked first.
  std::optional<Attempt> complete_as_shown(Context& context, std::int32_t attempt_id,
                                           std::string_view proof_json);
  Decision judge(const calixo_attempt& attempt, const OfferedType& type, const VerdictCheck& check,
                 std::string_view proof_json) const;
  // Locks the attempt and decides; ends it instead where its time is over.
  Attempt with_open_attempt(Context& context, std::int32_t attempt_id, const Decide& decide);
  [[noreturn]] void explain_not_open(Context& context, std::int32_t attempt_id);
  const OfferedType& type_of(const OpenAttempt& attempt) const;
  VerdictCheck check_of(const OfferedType& type, Hook hook) const;
  void expire(Transaction& tx, const OpenAttempt& attempt, std::string_view language);
  calixo_status run_expire_hook(Transaction& tx, const OfferedType& type,
                                const calixo_attempt& attempt);

  Plugin& plugin_;
  const TypeDirectory& types_;
  const Settings& settings_;
  Completions& completions_;
};

}  // namespace calixo::challenges
