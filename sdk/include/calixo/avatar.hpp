// People's avatars, for plugins that feed them or sell what they wear.
//
//   Avatar avatar_(plugin);                                        // in describe
//   avatar_.feed(tx, {.user_id = id, .energy = 10, .source = "attempt:1"});
//
// What is done takes effect with the transaction.
#pragma once

#include <calixo/abi/avatar.h>
#include <calixo/detail/service_call.hpp>
#include <calixo/plugin.hpp>

#include <cstdint>
#include <string_view>

namespace calixo {

// What somebody's avatar gets: see calixo_feeding.
struct Feeding {
  std::string_view user_id;      // UUID text
  std::int32_t energy = 0;       // 0 to 100
  std::int32_t experience = 0;   // 0 to 1,000,000
  std::int32_t streak_days = 0;  // the present streak: what it unlocks
  std::string_view source;       // what for, once: "attempt:17"
};

// A cosmetic of the avatar's catalogue.
struct Cosmetic {
  std::string_view category;  // "hat"
  std::string_view item_id;   // "straw_hat"
};

// The avatars' service. A small value: copy it. A refusal that is not named is a HostFailure.
class Avatar {
 public:
  // An optional one may be away: the plugin that keeps avatars is switched off. [startup]
  explicit Avatar(Plugin& plugin, Need need = Need::optional)
      : table_(plugin.need<calixo_avatar_v1>(CALIXO_AVATAR_ID, need)) {}

  // Whether there are avatars. From start on. [any-thread]
  explicit operator bool() const { return static_cast<bool>(table_); }

  // Feeds, once for one source; needs no round trip. [fiber, suspends]
  void feed(const Transaction& tx, const Feeding& feeding) const {
    calixo_feeding fed{};
    fed.struct_size = sizeof fed;
    fed.energy = feeding.energy;
    fed.experience = feeding.experience;
    fed.streak_days = feeding.streak_days;
    fed.user_id = detail::to_abi(feeding.user_id);
    fed.source = detail::to_abi(feeding.source);
    detail::throw_unless_served(
        detail::suspending([&] { return table_->feed(table_->user, tx.handle(), &fed); }),
        "feed an avatar");
  }
  // Makes a cosmetic the person's. Problem 409 already_owned. [fiber, suspends]
  void unlock(const Transaction& tx, std::string_view user_id, const Cosmetic& cosmetic) const {
    const calixo_cosmetic named = to_abi(cosmetic);
    const calixo_status status = detail::suspending(
        [&] { return table_->unlock(table_->user, tx.handle(), detail::to_abi(user_id), &named); });
    if (status == CALIXO_CONFLICT) throw Problem(409, "already_owned");
    detail::throw_unless_served(status, "unlock a cosmetic");
  }
  // Takes a cosmetic away; false where it was not theirs. [fiber, suspends]
  bool take_away(const Transaction& tx, std::string_view user_id, const Cosmetic& cosmetic) const {
    const calixo_cosmetic named = to_abi(cosmetic);
    return is_found(detail::suspending([&] {
                      return table_->take_away(table_->user, tx.handle(), detail::to_abi(user_id),
                                               &named);
                    }),
                    "take a cosmetic away");
  }
  // Whether the catalogue has this cosmetic. [fiber, suspends]
  bool has(const Transaction& tx, const Cosmetic& cosmetic) const {
    const calixo_cosmetic named = to_abi(cosmetic);
    return is_found(
        detail::suspending([&] { return table_->find(table_->user, tx.handle(), &named); }),
        "look for a cosmetic");
  }

 private:
  static calixo_cosmetic to_abi(const Cosmetic& cosmetic) {
    return {sizeof(calixo_cosmetic), detail::to_abi(cosmetic.category),
            detail::to_abi(cosmetic.item_id)};
  }
  static bool is_found(calixo_status status, const char* what) {
    if (status == CALIXO_NOT_FOUND) return false;
    detail::throw_unless_served(status, what);
    return true;
  }

  Needed<calixo_avatar_v1> table_;
};

}  // namespace calixo
