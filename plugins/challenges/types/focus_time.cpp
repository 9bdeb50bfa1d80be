#include "types/focus_time.hpp"

namespace calixo::challenges {

FocusTime focus_time_of(const AttemptView& attempt) {
  const auto time = attempt.service_db()
                        .query(R"(
    select coalesce(bool_or(is_own), false) as has_sessions,
           coalesce(sum(credited_seconds) filter (where is_own), 0) as credited_s,
           coalesce(sum(least(duration, since_s)) filter (where not is_own), 0) as elsewhere_s
    from (select user_challenge_id is not distinct from $2 as is_own, credited_seconds, duration,
                 ceil(extract(epoch from last_heartbeat_at - greatest(started_at, $3)))::bigint
                   as since_s
          from focus_sessions
          where user_id = $1
            and tstzrange(started_at, ended_at) && tstzrange($3::timestamptz, null)) as met)",
                               attempt.user_id(), attempt.id(), attempt.started_at())
                        .first<FocusTime>();
  return time.value_or(FocusTime());
}

}  // namespace calixo::challenges
