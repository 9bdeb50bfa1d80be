// Applies plain SQL files, forward only, a plugin at a time, and keeps the ledger of what ran.
// Blocking libpq on the calling thread: runs before the server serves, and from the CLI.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "db/grants.hpp"

namespace calixo::host {

struct Migration {
  std::uint32_t number = 0;
  std::string name;  // "0001_users.sql"
  std::string sql;
  std::string sha256 = {};  // of sql; where empty, it is computed
};

struct MigrationSet {
  std::string plugin;  // "host" for the server's own
  std::vector<Migration> migrations;
  std::vector<TableGrant> grants = {};  // on others' tables, as the operator allowed them
};

enum class MigrationState { applied, pending, edited, missing, out_of_order };

struct MigrationRow {
  std::string plugin;
  std::uint32_t number = 0;
  std::string name;
  std::string sha256;  // of the file; the ledger's where the file is missing
  MigrationState state = MigrationState::pending;
  std::string applied_at;  // RFC 3339, empty: never
  std::int64_t took_ms = 0;
};

// Something the operator must mend; what() names the file and the way out. `plugin`: whose files
// they are; empty where no single plugin is the cause.
class MigrationError : public std::runtime_error {
 public:
  explicit MigrationError(const std::string& text, std::string of = {})
      : std::runtime_error(text), plugin(std::move(of)) {}
  std::string plugin;
};

class Migrator {
 public:
  // sets in the order in which they are to be applied.
  Migrator(std::string database_url, std::vector<MigrationSet> sets);

  // Creates what everything stands on, where missing: schemas, auth.uid() and its kin, a database
  // role pair a plugin, the ledger. Then applies what is pending, each in a transaction, under an
  // advisory lock, and makes the plugins' grants those of the sets. Throws MigrationError with
  // nothing half done.
  struct Report {
    std::vector<MigrationRow> applied;
    std::vector<GrantRefusal> refused;
  };
  Report up(const std::function<void(const MigrationRow&)>& progress = {});

  // What is there and what would run; changes nothing.
  std::vector<MigrationRow> status() const;

 private:
  std::string database_url_;
  std::vector<MigrationSet> sets_;
};

// "calixo_store": the role a plugin's statements run under. '.' and '-' become '_'.
std::string runtime_role(std::string_view plugin);
// "calixo_store_owner": owns the plugin's tables; migrations run as it.
std::string owner_role(std::string_view plugin);

}  // namespace calixo::host
