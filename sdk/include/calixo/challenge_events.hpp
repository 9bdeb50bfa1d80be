// What the plugin of challenges tells the others: the payloads of its topics.
//
//   plugin.on<calixo::ChallengeCompleted>(calixo::kChallengeCompleted, "count_walk", &count_walk);
#pragma once

#include <calixo/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace calixo {

// The topic of ChallengeCompleted. Its key is the person's id: one person's come in order.
inline constexpr std::string_view kChallengeCompleted = "challenge.completed";

// Somebody completed a challenge; published in the commit that completed it.
struct ChallengeCompleted {
  std::int64_t attempt_id = 0;    // the same for ever
  std::int64_t challenge_id = 0;  // the template
  Uuid user_id;                   // whose attempt it was
  std::string type;               // of the challenge: "daily", "plank"
  std::int32_t reward = 0;        // what it earned, with the type's factor
  Timestamp completed_at;         // by the database's clock
  std::int32_t streak_days = 0;   // the person's streak with it; 0: told by an older server
};
BOOST_DESCRIBE_STRUCT(ChallengeCompleted, (),
                      (attempt_id, challenge_id, user_id, type, reward, completed_at, streak_days))

}  // namespace calixo
