// calixo challenges expire: ends what is past its time, now.
#pragma once

#include <calixo/plugin.hpp>

#include "attempts_service.hpp"

namespace calixo::challenges {

void register_expire_command(Plugin& plugin, AttemptsService& attempts);

}  // namespace calixo::challenges
