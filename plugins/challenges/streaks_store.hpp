// People's streaks in the database: SQL and nothing else. It suspends its fiber and runs as the
// caller, under the policies. Completions write them (endings_store.hpp).
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace calixo::challenges {

struct Streak {
  std::int32_t current_days = 0;
  std::int32_t best_days = 0;
  std::optional<std::string> last_date;
  std::string today;
  bool is_today_done = false;
  std::string time_zone;
};
BOOST_DESCRIBE_STRUCT(Streak, (),
                      (current_days, best_days, last_date, today, is_today_done, time_zone))
CALIXO_RULES(Streak) {
  rules.at<&Streak::current_days>().describe("Days in a row up to today or yesterday; else 0");
  rules.at<&Streak::last_date>().format(Format::date).describe("The latest that counted");
  rules.at<&Streak::today>().format(Format::date).describe("The date where the person is");
  rules.at<&Streak::is_today_done>().describe("Whether another completion now counts no further");
  rules.at<&Streak::time_zone>().describe("IANA name, of the profile");
}

Streak find_streak(Database& db, std::string_view user_id);

}  // namespace calixo::challenges
