// GET /api/billing/subscription: what the caller has subscribed to.
#pragma once

#include <calixo/plugin.hpp>

#include "premium_service.hpp"

namespace calixo::billing {

void register_subscription_routes(Plugin& plugin, const PremiumService& premium);

}  // namespace calixo::billing
