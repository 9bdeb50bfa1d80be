#include "admin/administration.hpp"

#include "admin/admin_messages.hpp"
#include "admin/keys_commands.hpp"

namespace calixo::auth {

Administration::Administration(Plugin& plugin, const Settings& settings,
                               const TokenSettings& tokens, const AccountService& accounts,
                               const SessionService& sessions, PasswordWorkshop& workshop,
                               const MailDesk& desk, StandingService& standing,
                               const PersonalDataService& personal_data)
    : wire_routes_(plugin, settings, accounts, workshop, standing, personal_data),
      links_(settings, tokens, accounts, workshop, desk),
      link_routes_(plugin, links_),
      people_routes_(plugin, standing, personal_data),
      users_commands_(plugin, sessions, personal_data) {
  register_keys_commands(plugin);
  register_admin_messages(plugin);
}

}  // namespace calixo::auth
