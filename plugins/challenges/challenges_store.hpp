// Challenges on offer in the database: SQL and nothing else. Every call suspends its fiber and runs
// as the caller, under the policies.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::challenges {

struct Challenge {
  std::int32_t id = 0;
  std::string slug;
  std::string type;
  std::string title;
  std::string description;
  std::int32_t reward = 0;
  Json rules;
};
BOOST_DESCRIBE_STRUCT(Challenge, (), (id, slug, type, title, description, reward, rules))
CALIXO_RULES(Challenge) {
  rules.at<&Challenge::type>().describe("daily, focus, social, or another plugin's");
  rules.at<&Challenge::title>().describe("In the caller's language");
  rules.at<&Challenge::reward>().min(0).describe("What a completion earns");
  rules.at<&Challenge::rules>().describe("What the type asks for, such as minutes");
}

// A page of at most `limit` items; one more is read, to know whether another page follows.
struct Slice {
  std::optional<std::int64_t> after_id;
  std::int64_t limit = 20;
};

// Those of the types named.
std::vector<Challenge> list_challenges(Database& db, std::string_view language,
                                       const std::vector<std::string>& types, const Slice& slice);
// The type of a challenge on offer; nothing where it is not.
std::optional<std::string> type_on_offer(Database& db, std::int32_t challenge_id);

}  // namespace calixo::challenges
