#include "telling_service.hpp"

namespace calixo::avatar {
namespace {

constexpr std::size_t kToldAtOnce = 100;

}  // namespace

TellingService::TellingService(Plugin& plugin, const Settings& settings)
    : plugin_(plugin),
      settings_(settings),
      tired_(plugin.event<AvatarTired>(kAvatarTired, "Somebody's avatar is tired.")),
      asleep_(plugin.event<AvatarAsleep>(kAvatarAsleep, "Somebody's avatar fell asleep.")),
      leveled_up_(
          plugin.event<AvatarLeveledUp>(kAvatarLeveledUp, "Somebody's avatar reached a level.")),
      looking_(plugin, "due", [this] { tell_due(); }) {}

// A database that is away is told of elsewhere; the next look finds what this one missed.
void TellingService::tell_due() {
  try {
    while (tell_some() == kToldAtOnce) {
    }
  } catch (const DbError& error) {
    if (error.status() == CALIXO_SQL_ERROR) throw;
    plugin_.log().debug("due avatars not read", {{"reason", error.what()}});
  }
}

std::size_t TellingService::tell_some() {
  return plugin_.service_transaction([&](Transaction& tx) {
    const auto due = take_due(tx, kToldAtOnce, settings_.pace());
    for (const DueAvatar& avatar : due) tell(tx, avatar);
    return due.size();
  });
}

void TellingService::tell(const Transaction& tx, const DueAvatar& avatar) const {
  if (avatar.level > avatar.level_before) {
    leveled_up_.publish(tx, avatar.user_id.text(),
                        {.user_id = avatar.user_id,
                         .level = avatar.level,
                         .level_before = avatar.level_before,
                         .experience = avatar.experience});
  }
  if (avatar.fall <= avatar.fall_before) return;
  if (avatar.fall == kTired) {
    tired_.publish(tx, avatar.user_id.text(), {.user_id = avatar.user_id, .energy = avatar.energy});
  } else {
    asleep_.publish(tx, avatar.user_id.text(),
                    {.user_id = avatar.user_id, .energy = avatar.energy});
  }
}

}  // namespace calixo::avatar
