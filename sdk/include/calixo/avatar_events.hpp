// What the plugin of avatars tells the others: the payloads of its topics.
//
//   plugin.on<calixo::AvatarTired>(calixo::kAvatarTired, "remind", &remind);
#pragma once

#include <calixo/json.hpp>

#include <cstdint>
#include <string_view>

namespace calixo {

// The topic of AvatarTired. Its key is the person's id, as of all three.
inline constexpr std::string_view kAvatarTired = "avatar.tired";
// The topic of AvatarAsleep.
inline constexpr std::string_view kAvatarAsleep = "avatar.asleep";
// The topic of AvatarLeveledUp.
inline constexpr std::string_view kAvatarLeveledUp = "avatar.leveled_up";

// Somebody's avatar has so little energy that it is tired; told once, until it was fed awake.
struct AvatarTired {
  Uuid user_id;             // whose it is
  std::int32_t energy = 0;  // 0 to 100, when this was told
};
BOOST_DESCRIBE_STRUCT(AvatarTired, (), (user_id, energy))

// Somebody's avatar fell asleep; told once, until it was fed awake or tired.
struct AvatarAsleep {
  Uuid user_id;             // whose it is
  std::int32_t energy = 0;  // 0 to 100, when this was told
};
BOOST_DESCRIBE_STRUCT(AvatarAsleep, (), (user_id, energy))

// Somebody's avatar reached a level, or several at once; each level is told once.
struct AvatarLeveledUp {
  Uuid user_id;                   // whose it is
  std::int32_t level = 0;         // the present one
  std::int32_t level_before = 0;  // the one that was told last, or 1
  std::int64_t experience = 0;    // the present one
};
BOOST_DESCRIBE_STRUCT(AvatarLeveledUp, (), (user_id, level, level_before, experience))

}  // namespace calixo
