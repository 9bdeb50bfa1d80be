// `calixo import supabase`: people move in with their ids, identities, profiles and passwords.
#pragma once

#include <calixo/plugin.hpp>

namespace calixo::auth {

void register_import_command(Plugin& plugin);  // [startup]

}  // namespace calixo::auth
