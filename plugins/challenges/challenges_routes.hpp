// /api/challenges and /api/challenge-types: what is on offer.
#pragma once

#include <calixo/plugin.hpp>

#include "settings.hpp"
#include "type_directory.hpp"

namespace calixo::challenges {

void register_challenge_routes(Plugin& plugin, const TypeDirectory& types,
                               const Settings& settings);

}  // namespace calixo::challenges
