// GET /api/billing/plans: what can be subscribed to.
#pragma once

#include <calixo/plugin.hpp>

#include "settings.hpp"

namespace calixo::billing {

void register_plan_routes(Plugin& plugin, const Settings& settings);

}  // namespace calixo::billing
