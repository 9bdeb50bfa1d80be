// GET /api/store: what is on sale, with the caller's balance.
#pragma once

#include <calixo/avatar.hpp>
#include <calixo/plugin.hpp>

namespace calixo::store {

void register_catalogue_routes(Plugin& plugin, const Avatar& avatar);

}  // namespace calixo::store
