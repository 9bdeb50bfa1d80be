#include "admin/administration.hpp"

#include "admin/admin_messages.hpp"
#include "admin/keys_commands.hpp"

namespace calixo::auth {

Administration::Administration(Plugin& plugin, const Settings& settings,
                               const AccountService& accounts, const SessionService& sessions,
                               PasswordWorkshop& workshop, StandingService& standing,
                               const PersonalDataService& personal_data)
    : wire_routes_(plugin, settings, accounts, workshop, standing, personal_data),
      people_routes_(plugin, standing, personal_data),
      users_commands_(plugin, sessions, personal_data) {
  register_keys_commands(plugin);
  register_admin_messages(plugin);
}

}  // namespace calixo::auth
