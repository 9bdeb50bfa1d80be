// The parts of the administration, tied together.
#pragma once

#include <calixo/plugin.hpp>

#include "admin/link_routes.hpp"
#include "admin/link_service.hpp"
#include "admin/people_routes.hpp"
#include "admin/users_commands.hpp"
#include "admin/wire_admin_routes.hpp"

namespace calixo::auth {

class Administration {
 public:
  // [startup]
  Administration(Plugin& plugin, const Settings& settings, const TokenSettings& tokens,
                 const AccountService& accounts, const SessionService& sessions,
                 PasswordWorkshop& workshop, const MailDesk& desk, StandingService& standing,
                 const PersonalDataService& personal_data);

 private:
  WireAdminRoutes wire_routes_;
  LinkService links_;
  LinkRoutes link_routes_;
  PeopleRoutes people_routes_;
  UsersCommands users_commands_;
};

}  // namespace calixo::auth
