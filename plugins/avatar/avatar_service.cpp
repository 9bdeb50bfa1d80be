#include "avatar_service.hpp"

#include <algorithm>
#include <utility>

#include "levels.hpp"

namespace calixo::avatar {
namespace {

Avatar told(AvatarState state, const Pace& pace) {
  Avatar avatar;
  avatar.energy = state.energy;
  avatar.mood = state.mood;
  avatar.tired_at = state.tired_at;
  avatar.asleep_at = state.asleep_at;
  avatar.level = state.level;
  avatar.experience = state.experience;
  avatar.level_experience = next_level_at(pace.level_beginnings, state.level - 1).value_or(0);
  avatar.next_level_experience = next_level_at(pace.level_beginnings, state.level);
  avatar.streak_best = state.streak_best;
  for (WardrobeItem& item : state.items) {
    if (item.is_equipped) avatar.equipped[item.category] = item.item_id;
    if (item.is_unlocked) {
      avatar.unlocked.push_back({std::move(item.category), std::move(item.item_id),
                                 std::move(item.name), item.is_equipped});
    } else {
      avatar.locked.push_back({std::move(item.category), std::move(item.item_id),
                               std::move(item.name), item.unlock_level, item.unlock_streak});
    }
  }
  return avatar;
}

// Unless it has begun. Whoever was erased a moment ago has none.
void begin(Database& service, std::string_view user_id, const Pace& pace) {
  try {
    begin_avatar(service, user_id, pace);
  } catch (const DbError& error) {
    if (error.is_foreign_key_violation()) throw not_found("avatar");
    throw;
  }
}

// The state of an avatar that has begun.
AvatarState present_state(Database& db, const Context& context, const Pace& pace) {
  auto state = read_avatar(db, context.language(), context.user_id(), pace);
  return or_fail(std::move(state), not_found("avatar"));
}

void require_wearable(const std::vector<WardrobeItem>& items, std::string_view category,
                      const std::optional<std::string>& item_id) {
  const auto is_meant = [&](const WardrobeItem& item) {
    return item.category == category && (!item_id || item.item_id == *item_id);
  };
  const auto item = std::find_if(items.begin(), items.end(), is_meant);
  require(item != items.end(), not_found("item"));
  require(!item_id || item->is_unlocked, conflict("item_locked"));
}

}  // namespace

Avatar AvatarService::find(Context& context) const {
  const Pace pace = settings_.pace();
  Database db = context.db();
  if (auto state = read_avatar(db, context.language(), context.user_id(), pace)) {
    return told(std::move(*state), pace);
  }
  Database service = context.service_db();
  begin(service, context.user_id(), pace);
  return told(present_state(db, context, pace), pace);
}

PublicAvatar AvatarService::find_other(Context& context, std::string_view user_id) const {
  Database db = context.db();
  return or_fail(read_public_avatar(db, user_id, settings_.pace()), not_found("avatar"));
}

Avatar AvatarService::customize(Context& context, std::string_view category,
                                const std::optional<std::string>& item_id) const {
  const Pace pace = settings_.pace();
  const std::string_view user_id = context.user_id();
  return context.service_transaction([&](Transaction& tx) {
    begin(tx, user_id, pace);
    lock_avatar(tx, user_id);
    require_wearable(present_state(tx, context, pace).items, category, item_id);
    take_off(tx, user_id, category);
    if (item_id) put_on(tx, user_id, category, *item_id);
    return told(present_state(tx, context, pace), pace);
  });
}

}  // namespace calixo::avatar
