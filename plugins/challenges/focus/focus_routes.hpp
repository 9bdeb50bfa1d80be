// /api/focus-sessions: stretches of attention, by the server's clock.
#pragma once

#include <calixo/plugin.hpp>

#include "focus/focus_service.hpp"

namespace calixo::challenges {

void register_focus_routes(Plugin& plugin, FocusService& sessions);

}  // namespace calixo::challenges
