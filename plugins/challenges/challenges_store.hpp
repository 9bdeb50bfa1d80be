// Challenges and attempts in the database: SQL and nothing else. Every call suspends its fiber and
// runs as the caller, under the policies.
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
  rules.at<&Challenge::type>().describe("daily, focus or social");
  rules.at<&Challenge::title>().describe("In the caller's language");
  rules.at<&Challenge::reward>().min(0).describe("What a completion earns");
  rules.at<&Challenge::rules>().describe("What the type asks for, such as minutes");
}

enum class AttemptStatus { pending, completed, failed };
BOOST_DESCRIBE_ENUM(AttemptStatus, pending, completed, failed)

struct Attempt {
  std::int32_t id = 0;
  std::int32_t challenge_id = 0;
  AttemptStatus status = AttemptStatus::pending;
  Timestamp started_at;
  std::optional<Timestamp> completed_at;
  Challenge challenge;
};
BOOST_DESCRIBE_STRUCT(Attempt, (), (id, challenge_id, status, started_at, completed_at, challenge))

// A page of at most `limit` items; one more is read, to know whether another page follows.
struct Slice {
  std::optional<std::int64_t> after_id;
  std::int64_t limit = 20;
};

std::vector<Challenge> list_challenges(Database& db, std::string_view language,
                                       const std::optional<std::string>& type, const Slice& slice);
bool is_on_offer(Database& db, std::int32_t challenge_id);

std::vector<Attempt> list_attempts(Database& db, std::string_view language,
                                   std::string_view user_id, std::optional<AttemptStatus> status,
                                   const Slice& slice);
// Nothing where the challenge is not on offer or an attempt of it is open.
std::optional<Attempt> start_attempt(Database& db, std::string_view language,
                                     std::string_view user_id, std::int32_t challenge_id);
// Nothing where there is no such open attempt of this person. Of two at once one succeeds.
std::optional<Attempt> complete_attempt(Database& db, std::string_view language,
                                        std::string_view user_id, std::int32_t attempt_id);
std::optional<AttemptStatus> attempt_status(Database& db, std::string_view user_id,
                                            std::int32_t attempt_id);

}  // namespace calixo::challenges
