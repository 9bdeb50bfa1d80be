// /api/admin/store/purchases/{id}/refund and /api/admin/store/adjust: what administrators put
// right, each by a posting of its own.
#pragma once

#include <calixo/plugin.hpp>

#include "adjustments_service.hpp"
#include "purchases_service.hpp"

namespace calixo::store {

void register_correction_routes(Plugin& plugin, const PurchasesService& purchases,
                                const AdjustmentsService& adjustments);

}  // namespace calixo::store
