// The parts of the administration, tied together.
#pragma once

#include <calixo/plugin.hpp>

#include "admin/people_routes.hpp"
#include "admin/users_commands.hpp"
#include "admin/wire_admin_routes.hpp"

namespace calixo::auth {

class Administration {
 public:
  // [startup]
  Administration(Plugin& plugin, const Settings& settings, const AccountService& accounts,
                 const SessionService& sessions, PasswordWorkshop& workshop,
                 StandingService& standing, const PersonalDataService& personal_data);

 private:
  WireAdminRoutes wire_routes_;
  PeopleRoutes people_routes_;
  UsersCommands users_commands_;
};

}  // namespace calixo::auth
