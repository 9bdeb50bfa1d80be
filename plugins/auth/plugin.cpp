// Accounts, sessions, access tokens and profiles, in the wire format of Supabase Auth.
#include <calixo/plugin.hpp>

#include "auth_plugin.hpp"

CALIXO_PLUGIN("auth", "1.0.0", plugin) {
  plugin.migrations();
  plugin.own<calixo::auth::AuthPlugin>(plugin);
}
