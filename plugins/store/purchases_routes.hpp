// /api/store/purchase, gift, purchases and transactions: what a person buys, has and spent.
#pragma once

#include <calixo/plugin.hpp>

#include "purchases_service.hpp"

namespace calixo::store {

void register_purchase_routes(Plugin& plugin, const PurchasesService& purchases);

}  // namespace calixo::store
