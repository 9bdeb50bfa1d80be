// The wiring of the avatar plugin: which part stands on which.
#pragma once

#include <calixo/plugin.hpp>

#include "avatar_offer.hpp"
#include "avatar_service.hpp"
#include "items_service.hpp"
#include "settings.hpp"
#include "telling_service.hpp"

namespace calixo::avatar {

class AvatarPlugin {
 public:
  // Registers everything. [startup]
  explicit AvatarPlugin(Plugin& plugin);

 private:
  Settings settings_;
  AvatarService avatars_;
  ItemsService items_;
  AvatarOffer offer_;
  TellingService telling_;
};

}  // namespace calixo::avatar
