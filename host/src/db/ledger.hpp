// The migration ledger against the files: what stands, what is due, what went wrong. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "db/migrator.hpp"

namespace calixo::host {

struct LedgerEntry {
  std::string name;
  std::string sha256;
  std::string applied_at;
  std::int64_t took_ms = 0;
};

using Ledger = std::map<std::pair<std::string, std::uint32_t>, LedgerEntry>;

// One row a file and a ledger entry; plugins in the order of the sets, then by number. Ledger
// entries of plugins without a set are left out: a disabled plugin's data stay as they are.
std::vector<MigrationRow> compare(const std::vector<MigrationSet>& sets, const Ledger& ledger);

// Gaps, repeated numbers, plugins whose role names meet. Throws MigrationError naming them.
void check_sets(const std::vector<MigrationSet>& sets);

// Throws MigrationError for the first row that stands in the way.
void check_rows(const std::vector<MigrationRow>& rows);

}  // namespace calixo::host
