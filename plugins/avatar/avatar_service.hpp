// A person's avatar as the PWA draws it, and what it wears.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "avatar_store.hpp"
#include "settings.hpp"

namespace calixo::avatar {

struct UnlockedItem {
  std::string category;
  std::string item_id;
  std::string name;
  bool is_equipped = false;
};
BOOST_DESCRIBE_STRUCT(UnlockedItem, (), (category, item_id, name, is_equipped))
CALIXO_RULES(UnlockedItem) {
  rules.title("UnlockedCosmetic");
  rules.at<&UnlockedItem::name>().describe("In the caller's language");
}

struct LockedItem {
  std::string category;
  std::string item_id;
  std::string name;
  std::optional<std::int32_t> unlock_level, unlock_streak;
};
BOOST_DESCRIBE_STRUCT(LockedItem, (), (category, item_id, name, unlock_level, unlock_streak))
CALIXO_RULES(LockedItem) {
  rules.title("LockedCosmetic");
  rules.at<&LockedItem::name>().describe("In the caller's language");
  rules.at<&LockedItem::unlock_level>().describe("The level that unlocks it; null: none does");
  rules.at<&LockedItem::unlock_streak>().describe(
      "The days of streak that unlock it; null: none do. Both null: bought or given");
}

// All that a PWA needs to draw it.
struct Avatar {
  std::int32_t energy = 0;
  Mood mood = Mood::awake;
  std::optional<Timestamp> tired_at, asleep_at;
  std::int32_t level = 1;
  std::int64_t experience = 0;
  std::int64_t level_experience = 0;
  std::optional<std::int64_t> next_level_experience;
  std::int32_t streak_best = 0;
  std::map<std::string, std::string> equipped;
  std::vector<UnlockedItem> unlocked;
  std::vector<LockedItem> locked;
};
BOOST_DESCRIBE_STRUCT(Avatar, (),
                      (energy, mood, tired_at, asleep_at, level, experience, level_experience,
                       next_level_experience, streak_best, equipped, unlocked, locked))
CALIXO_RULES(Avatar) {
  rules.at<&Avatar::energy>().range(0, 100);
  rules.at<&Avatar::tired_at>().describe(
      "When it will be tired unless it is fed; null: it is, or never will be");
  rules.at<&Avatar::asleep_at>().describe("The same of asleep");
  rules.at<&Avatar::level_experience>().describe("Where the present level began");
  rules.at<&Avatar::next_level_experience>().describe(
      "Where the next level begins; null: this is the highest");
  rules.at<&Avatar::equipped>().describe("Item by category; what is bare is left out");
}

// [fiber, suspends]
class AvatarService {
 public:
  explicit AvatarService(const Settings& settings) : settings_(settings) {}

  // The caller's. It begins at the first look, with the energy of the key. 404 avatar_not_found:
  // the account is gone.
  Avatar find(Context& context) const;
  // 404 avatar_not_found: there is no such person, or the caller may not see them.
  PublicAvatar find_other(Context& context, std::string_view user_id) const;
  // Puts an item on, or with none takes the category's off. 404 item_not_found, 409 item_locked,
  // and as find.
  Avatar customize(Context& context, std::string_view category,
                   const std::optional<std::string>& item_id) const;

 private:
  const Settings& settings_;
};

}  // namespace calixo::avatar
