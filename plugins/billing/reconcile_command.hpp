// calixo billing reconcile: whether what is known is what Stripe has.
#pragma once

#include <calixo/plugin.hpp>

#include "reconcile_service.hpp"

namespace calixo::billing {

void register_reconcile_command(Plugin& plugin, const ReconcileService& reconcile);

}  // namespace calixo::billing
