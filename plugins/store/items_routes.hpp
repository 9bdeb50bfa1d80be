// /api/admin/store: items, kept by administrators.
#pragma once

#include <calixo/plugin.hpp>

#include "items_service.hpp"

namespace calixo::store {

void register_item_routes(Plugin& plugin, const ItemsService& items);

}  // namespace calixo::store
