// How attempts are read: what the stores of this plugin share of SQL. [any-thread]
#pragma once

#include <string>
#include <string_view>

namespace calixo::challenges {

// Challenge `c` of attempts `a`; $1 is the language. What it asks and promises is what it did when
// the attempt began.
inline constexpr std::string_view kChallengeJson = R"(
  json_build_object('id', c.id, 'slug', c.slug, 'type', c.type,
    'title', case $1 when 'en' then c.title_en else c.title end,
    'description', case $1 when 'en' then c.description_en else c.description end,
    'reward', coalesce(a.offered_reward, c.reward), 'rules', coalesce(a.rules, c.rules),
    'difficulty', c.difficulty, 'schedule', c.schedule) as challenge)";

// The client's view of attempts `a` of challenges `c`.
inline std::string attempt_view() {
  return "select a.id, a.challenge_id, a.status, a.started_at, a.completed_at, a.expires_at, "
         "a.reward, a.reason, a.progress_count, a.last_progress_at," +
         std::string(kChallengeJson);
}

// The hooks' view of attempt `a` of challenge `c`. The clock is read, not the transaction's
// beginning: it may have waited for the row.
inline constexpr std::string_view kOpenView = R"(
  select a.id, a.challenge_id, a.user_id, c.type,
         coalesce(a.offered_reward, c.reward) as offered_reward, a.energy, a.experience,
         a.started_at, clock_timestamp() as now, a.last_progress_at, a.expires_at, a.claimed_at,
         a.progress_count, coalesce(a.rules, c.rules)::text as rules_json,
         a.state::text as state_json, person_time_zone(a.user_id) as time_zone)";

}  // namespace calixo::challenges
