// `calixo users create-admin`: makes an administrator from the operator's terminal.
#pragma once

#include <calixo/plugin.hpp>

#include "admin/admin_service.hpp"

namespace calixo::auth {

void register_admin_command(Plugin& plugin, const AdminService& admins);

}  // namespace calixo::auth
