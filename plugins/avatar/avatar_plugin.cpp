#include "avatar_plugin.hpp"

#include <calixo/personal_data.hpp>

#include "avatar_routes.hpp"
#include "items_routes.hpp"

namespace calixo::avatar {

AvatarPlugin::AvatarPlugin(Plugin& plugin)
    : settings_(plugin),
      avatars_(settings_),
      offer_(plugin, settings_),
      telling_(plugin, settings_) {
  register_avatar_routes(plugin, avatars_);
  register_item_routes(plugin, items_);
  plugin.personal_data("avatar")
      .table("avatar",
             "select energy, energy_at, experience, streak_best from avatars where user_id = $1")
      .table("feedings", "select * from avatar_feedings where user_id = $1")
      .table("customizations", "select * from avatar_customizations where user_id = $1");
}

}  // namespace calixo::avatar
