// Avatars that are due to be told of, in the database: SQL and nothing else.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <vector>

#include "settings.hpp"

namespace calixo::avatar {

// How deep an avatar has fallen, as avatar_drowsiness() says it.
enum Fall : std::int32_t { kAwake = 0, kTired = 1, kAsleep = 2 };

// What a due avatar has come to since it was last told of.
struct DueAvatar {
  Uuid user_id;
  std::int32_t energy = 0;
  std::int32_t fall = kAwake, fall_before = kAwake;
  std::int32_t level = 1, level_before = 1;
  std::int64_t experience = 0;
};
BOOST_DESCRIBE_STRUCT(DueAvatar, (),
                      (user_id, energy, fall, fall_before, level, level_before, experience))

// Takes at most `limit` due ones that nobody else has in hand, the longest due first, and notes
// what they have come to and when they are next to be looked at. [fiber, suspends]
std::vector<DueAvatar> take_due(Transaction& tx, std::int64_t limit, const Pace& pace);

}  // namespace calixo::avatar
