// What a plugin's migration may hold. It runs on the server's own login, as the plugin's owner
// role for as long as nothing in it says otherwise; and the functions that it leaves behind run on
// shared connections, whose login may become any plugin's role.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace calixo::host {

struct MigrationFault {
  std::size_t line = 1;  // of the statement in the file
  std::string reason;    // what is refused, and the way out
};

// Transaction control, changes of the role, dynamic SQL in functions and DO blocks; nullopt: none
// of it is there. Pure.
std::optional<MigrationFault> migration_fault(std::string_view sql);

// The one use of set_config that a migration may have: the claims that policies look at.
bool sets_claims(std::string_view sql);

}  // namespace calixo::host
