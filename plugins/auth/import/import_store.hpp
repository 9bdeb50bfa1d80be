// Imported accounts in this server's database: SQL and nothing else.
// Every call suspends its fiber.
#pragma once

#include <calixo/plugin.hpp>

#include <set>
#include <string>
#include <vector>

#include "imported_account.hpp"

namespace calixo::auth {

// What became of a batch, by id.
struct Stored {
  std::set<std::string> taken;
  std::set<std::string> known;  // were here already; the rest's addresses are another account's
};

Stored store_accounts(Database& tx, const std::vector<ImportedAccount>& accounts);
// Of those accounts alone; an identity that somebody has already is left.
std::int64_t store_identities(Database& tx, const std::vector<ImportedIdentity>& identities);

// How far an earlier run from this source came; the lowest UUID where none is under way.
std::string import_cursor(Database& service, const std::string& source_hash);
void keep_import_cursor(Database& tx, const std::string& source_hash, const std::string& id);
// The next run begins anew, and takes what has come since.
void forget_import_cursor(Database& service, const std::string& source_hash);

}  // namespace calixo::auth
