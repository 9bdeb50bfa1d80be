// /api/challenges and /api/user/challenges.
#pragma once

#include <calixo/plugin.hpp>

namespace calixo::challenges {

void register_routes(Plugin& plugin);

}  // namespace calixo::challenges
