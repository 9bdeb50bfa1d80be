// /api/avatar: the caller's avatar, what it wears, and other people's.
#pragma once

#include <calixo/plugin.hpp>

#include "avatar_service.hpp"

namespace calixo::avatar {

void register_avatar_routes(Plugin& plugin, const AvatarService& avatars);

}  // namespace calixo::avatar
