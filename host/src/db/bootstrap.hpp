// What every plugin's migrations stand on: schema auth with the claims' functions, a role pair a
// plugin, the migration ledger.
#pragma once

#include "db/admin_session.hpp"
#include "db/migrator.hpp"

namespace calixo::host {

// All of it is there, made by this very version: one question instead of a hundred statements at
// each start.
bool is_bootstrapped(AdminSession& session, const std::vector<MigrationSet>& sets);

// Whether the login may take set_config from everybody else: a superuser, as of the embedded
// cluster; not on a managed one.
bool may_fence_roles(AdminSession& session);
// Whether nobody but the login may call it.
bool is_role_fenced(AdminSession& session);

// Makes what is missing, in the session's transaction. Running it again changes nothing.
void bootstrap_database(AdminSession& session);
void bootstrap_roles(AdminSession& session, const std::string& plugin);

}  // namespace calixo::host
