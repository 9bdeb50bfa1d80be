// What every plugin's migrations stand on: schema auth with the claims' functions, a role pair a
// plugin, the migration ledger.
#pragma once

#include "db/admin_session.hpp"
#include "db/migrator.hpp"

namespace calixo::host {

// All of it is there, made by this very version: one question instead of a hundred statements at
// each start.
bool is_bootstrapped(AdminSession& session, const std::vector<MigrationSet>& sets);

// Whether this login may take set_config from everybody else: a superuser's may.
bool may_fence_roles(AdminSession& session);
// Takes it, and the update of pg_settings, from everybody but `login`: so that no function of a
// plugin's changes the role. See statement_guard.hpp for what holds where nobody may do this.
void fence_roles(AdminSession& session, const std::string& login);
// Whether nobody but this login, and superusers, may.
bool is_role_fenced(AdminSession& session);

// Makes what is missing, in the session's transaction. Running it again changes nothing.
void bootstrap_database(AdminSession& session);
void bootstrap_roles(AdminSession& session, const std::string& plugin);

}  // namespace calixo::host
