// A plugin's access to another's tables, given as the tables' owners and taken back again.
// Blocking, within the migrator's session.
#pragma once

#include <compare>
#include <string>
#include <vector>

namespace calixo::host {

class AdminSession;

// An access that a plugin asked for and the operator allowed.
struct TableGrant {
  std::string plugin;
  std::string table;                 // of schema public
  std::string privilege;             // "select", "insert", "update" or "delete"
  std::vector<std::string> columns;  // sorted; empty: all of the table
  auto operator<=>(const TableGrant&) const = default;
};

struct GrantRefusal {
  std::string plugin;
  std::string reason;  // names the table and the way out
};

// Makes what plugins have beyond their own tables be `wanted`, in one transaction: takes back what
// was given by an earlier call and is not among them, gives what is missing. Changes nothing where
// nothing differs. Answers those that the tables as they stand don't allow. Throws AdminError.
std::vector<GrantRefusal> apply_grants(AdminSession& session, std::vector<TableGrant> wanted);

}  // namespace calixo::host
