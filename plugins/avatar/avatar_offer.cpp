#include "avatar_offer.hpp"

#include <calixo/detail/service_call.hpp>

#include "feeding_check.hpp"
#include "feeding_store.hpp"

namespace calixo::avatar {
namespace {

using detail::view;

calixo_status status_of(Unlocked unlocked) {
  switch (unlocked) {
    case Unlocked::now:
      return CALIXO_OK;
    case Unlocked::already:
      return CALIXO_CONFLICT;
    case Unlocked::no_such_item:
      break;
  }
  return CALIXO_NOT_FOUND;
}

calixo_status found(bool is_found) { return is_found ? CALIXO_OK : CALIXO_NOT_FOUND; }

}  // namespace

AvatarOffer::AvatarOffer(Plugin& plugin, const Settings& settings)
    : host_(plugin.host()), settings_(settings), rows_(plugin), table_{sizeof table_, this,
                                                                       &feed,         &unlock,
                                                                       &take_away,    &find} {
  plugin.offer(CALIXO_AVATAR_ID, &table_);
}

calixo_status AvatarOffer::feed(void* user, calixo_tx* tx, const calixo_feeding* feeding) {
  const auto& self = *static_cast<const AvatarOffer*>(user);
  if (!is_well_formed(feeding)) return CALIXO_INVALID;
  return detail::serve(self.host_, tx, "feed an avatar", [&](Database&) {
    const Meal meal{.user_id = view(feeding->user_id),
                    .source = view(feeding->source),
                    .energy = feeding->energy,
                    .experience = feeding->experience,
                    .streak_days = feeding->streak_days};
    feed_later(self.rows_, tx, meal, self.settings_.pace());
    return CALIXO_OK;
  });
}

calixo_status AvatarOffer::unlock(void* user, calixo_tx* tx, calixo_str user_id,
                                  const calixo_cosmetic* cosmetic) {
  const auto& self = *static_cast<const AvatarOffer*>(user);
  if (!is_person(user_id) || !is_well_formed(cosmetic)) return CALIXO_INVALID;
  return detail::serve(self.host_, tx, "unlock a cosmetic", [&](Database& db) {
    return status_of(unlock_item(db, view(user_id), view(cosmetic->category),
                                 view(cosmetic->item_id), self.settings_.pace()));
  });
}

calixo_status AvatarOffer::take_away(void* user, calixo_tx* tx, calixo_str user_id,
                                     const calixo_cosmetic* cosmetic) {
  const auto& self = *static_cast<const AvatarOffer*>(user);
  if (!is_person(user_id) || !is_well_formed(cosmetic)) return CALIXO_INVALID;
  return detail::serve(self.host_, tx, "take a cosmetic away", [&](Database& db) {
    return found(
        take_item_away(db, view(user_id), view(cosmetic->category), view(cosmetic->item_id)));
  });
}

calixo_status AvatarOffer::find(void* user, calixo_tx* tx, const calixo_cosmetic* cosmetic) {
  const auto& self = *static_cast<const AvatarOffer*>(user);
  if (!is_well_formed(cosmetic)) return CALIXO_INVALID;
  return detail::serve(self.host_, tx, "look for a cosmetic", [&](Database& db) {
    return found(is_on_offer(db, view(cosmetic->category), view(cosmetic->item_id)));
  });
}

}  // namespace calixo::avatar
