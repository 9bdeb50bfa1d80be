// Challenges on offer in the database: SQL and nothing else. Every call suspends its fiber and runs
// as the caller, under the policies.
#pragma once

#include <calixo/pages.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::challenges {

enum class Difficulty { easy, medium, hard };
BOOST_DESCRIBE_ENUM(Difficulty, easy, medium, hard)

// always: whenever its window is open; daily_set: on the days on which it is its turn.
enum class Schedule { always, daily_set };
BOOST_DESCRIBE_ENUM(Schedule, always, daily_set)

struct Challenge {
  std::int32_t id = 0;
  std::string slug;
  std::string type;
  std::string title;
  std::string description;
  std::int32_t reward = 0;
  Json rules;
  Difficulty difficulty = Difficulty::medium;
  Schedule schedule = Schedule::always;
};
BOOST_DESCRIBE_STRUCT(Challenge, (),
                      (id, slug, type, title, description, reward, rules, difficulty, schedule))
CALIXO_RULES(Challenge) {
  rules.at<&Challenge::type>().describe("daily, focus, social, or another plugin's");
  rules.at<&Challenge::title>().describe("In the caller's language");
  rules.at<&Challenge::reward>().min(0).describe("What a completion earns");
  rules.at<&Challenge::rules>().describe("What the type asks for, such as minutes");
  rules.at<&Challenge::schedule>().describe(
      "daily_set: it can be started on the days on which scope=today lists it");
}

// Whether challenge `c` is on offer now, whose turn it is left aside.
inline constexpr std::string_view kOnOffer =
    " c.is_active and (c.available_from is null or c.available_from <= now())"
    " and (c.available_until is null or c.available_until > now()) ";

struct ChallengeFilter {
  std::vector<std::string> types;  // any of these
  std::optional<Difficulty> difficulty;
};

std::vector<Challenge> list_challenges(Database& db, std::string_view language,
                                       const ChallengeFilter& filter, const Slice& slice);
// Those of the filter that are in this person's set of today, in its order. The set is taken of all
// `types_on_offer`.
std::vector<Challenge> list_todays(Database& db, std::string_view language,
                                   std::string_view user_id, const ChallengeFilter& filter,
                                   const std::vector<std::string>& types_on_offer,
                                   std::int64_t set_size);

}  // namespace calixo::challenges
