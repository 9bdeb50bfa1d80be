// `calixo keys list|rotate|retire`: the keys that sign access tokens. Running servers take a change
// up within a second.
#pragma once

#include <calixo/plugin.hpp>

namespace calixo::auth {

// [startup]
void register_keys_commands(Plugin& plugin);

}  // namespace calixo::auth
