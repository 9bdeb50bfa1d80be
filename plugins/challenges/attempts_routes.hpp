// /api/challenges/start and /api/user/challenges: a person's attempts.
#pragma once

#include <calixo/plugin.hpp>

#include "attempts_service.hpp"

namespace calixo::challenges {

void register_attempt_routes(Plugin& plugin, AttemptsService& attempts);

}  // namespace calixo::challenges
