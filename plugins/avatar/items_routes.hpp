// /api/admin/avatar/items: the catalogue, kept by administrators.
#pragma once

#include <calixo/plugin.hpp>

#include "items_service.hpp"

namespace calixo::avatar {

void register_item_routes(Plugin& plugin, const ItemsService& items);

}  // namespace calixo::avatar
