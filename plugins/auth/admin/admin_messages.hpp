// What the codes of the administration say to people.
#pragma once

#include <calixo/plugin.hpp>

namespace calixo::auth {

// [startup]
void register_admin_messages(Plugin& plugin);

}  // namespace calixo::auth
