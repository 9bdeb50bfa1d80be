// How attempts are read: what the stores of this plugin share of SQL. [any-thread]
#pragma once

#include <string>
#include <string_view>

namespace calixo::challenges {

// Challenge `c` of attempts `a`, in a language that stands in a parameter or a column. What it asks
// and promises is what it did when the attempt began.
inline std::string challenge_json(std::string_view language = "$1") {
  const std::string is_english = "case " + std::string(language) + " when 'en' then ";
  return " json_build_object('id', c.id, 'slug', c.slug, 'type', c.type, 'title', " + is_english +
         "c.title_en else c.title end, 'description', " + is_english +
         "c.description_en else c.description end, "
         "'reward', coalesce(a.offered_reward, c.reward), 'rules', coalesce(a.rules, c.rules), "
         "'difficulty', c.difficulty, 'schedule', c.schedule) as challenge";
}

// The client's view of attempts `a` of challenges `c`.
inline std::string attempt_view(std::string_view language = "$1") {
  return "select a.id, a.challenge_id, a.status, a.started_at, a.completed_at, a.expires_at, "
         "a.reward, a.reason, a.progress_count, a.last_progress_at," +
         challenge_json(language);
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
