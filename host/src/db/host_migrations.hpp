// The server's own migrations: those of plugin "host", from migrations/host.
#pragma once

#include "db/migrator.hpp"

namespace calixo::host {

// To be the first of the sets. Its statements run as the server's login role.
MigrationSet host_migrations();

}  // namespace calixo::host
