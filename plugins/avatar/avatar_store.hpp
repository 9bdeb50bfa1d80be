// Avatars and what they wear in the database: SQL and nothing else. Every call suspends its fiber.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings.hpp"

namespace calixo::avatar {

enum class Mood { awake, tired, asleep };
BOOST_DESCRIBE_ENUM(Mood, awake, tired, asleep)

// A cosmetic as one person sees it.
struct WardrobeItem {
  std::string category;
  std::string item_id;
  std::string name;
  std::optional<std::int32_t> unlock_level, unlock_streak;
  bool is_unlocked = false;
  bool is_equipped = false;
};
BOOST_DESCRIBE_STRUCT(WardrobeItem, (),
                      (category, item_id, name, unlock_level, unlock_streak, is_unlocked,
                       is_equipped))

// One person's avatar as it is now.
struct AvatarState {
  std::int32_t energy = 0;  // whole points, begun ones count
  Mood mood = Mood::awake;
  std::optional<Timestamp> tired_at, asleep_at;  // nothing: it is, or never will be
  std::int32_t level = 1;
  std::int64_t experience = 0;
  std::int32_t streak_best = 0;
  std::vector<WardrobeItem> items;  // those on offer, and those that are the person's
};
BOOST_DESCRIBE_STRUCT(AvatarState, (),
                      (energy, mood, tired_at, asleep_at, level, experience, streak_best, items))

// What others see of it.
struct PublicAvatar {
  Uuid user_id;
  Mood mood = Mood::awake;
  std::int32_t level = 1;
  std::map<std::string, std::string> equipped;
};
BOOST_DESCRIBE_STRUCT(PublicAvatar, (), (user_id, mood, level, equipped))
CALIXO_RULES(PublicAvatar) {
  rules.at<&PublicAvatar::equipped>().describe("Item by category; what is bare is left out");
}

// As the caller or the service. Nothing before the person's first look.
std::optional<AvatarState> read_avatar(Database& db, std::string_view language,
                                       std::string_view user_id, const Pace& pace);
// As the caller: nothing where the policy of profiles hides this person.
std::optional<PublicAvatar> read_public_avatar(Database& caller, std::string_view user_id,
                                               const Pace& pace);
// Makes the avatar, unless there is one. As the service, as all that follows.
void begin_avatar(Database& service, std::string_view user_id, const Pace& pace);
// Holds the row to the end of tx: who else equips waits.
void lock_avatar(Transaction& tx, std::string_view user_id);
// Takes off what this category wears; nothing is worn in it afterwards.
void take_off(Transaction& tx, std::string_view user_id, std::string_view category);
// Puts an item on that is the person's; the category must be bare.
void put_on(Transaction& tx, std::string_view user_id, std::string_view category,
            std::string_view item_id);

}  // namespace calixo::avatar
