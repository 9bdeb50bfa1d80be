// "calixo.avatar/1" as other plugins get it (calixo/abi/avatar.h): checks what they hand over, and
// works in their transaction.
#pragma once

#include <calixo/abi/avatar.h>
#include <calixo/deferred_rows.hpp>
#include <calixo/plugin.hpp>

#include "settings.hpp"

namespace calixo::avatar {

class AvatarOffer {
 public:
  // Offers it. [startup]
  AvatarOffer(Plugin& plugin, const Settings& settings);
  AvatarOffer(const AvatarOffer&) = delete;
  AvatarOffer& operator=(const AvatarOffer&) = delete;

 private:
  // The table's functions; `user` is the offer. [fiber, suspends]
  static calixo_status feed(void* user, calixo_tx* tx, const calixo_feeding* feeding);
  static calixo_status unlock(void* user, calixo_tx* tx, calixo_str user_id,
                              const calixo_cosmetic* cosmetic);
  static calixo_status take_away(void* user, calixo_tx* tx, calixo_str user_id,
                                 const calixo_cosmetic* cosmetic);
  static calixo_status find(void* user, calixo_tx* tx, const calixo_cosmetic* cosmetic);

  const detail::Host& host_;
  const Settings& settings_;
  DeferredRows rows_;
  calixo_avatar_v1 table_;
};

}  // namespace calixo::avatar
