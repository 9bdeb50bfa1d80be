#include "db/ledger.hpp"

#include <algorithm>
#include <set>

#include "db/sha256.hpp"

namespace calixo::host {
namespace {

std::vector<Migration> sorted(std::vector<Migration> migrations) {
  std::stable_sort(migrations.begin(), migrations.end(),
                   [](const Migration& a, const Migration& b) { return a.number < b.number; });
  return migrations;
}

std::uint32_t newest_applied(const Ledger& ledger, const std::string& plugin) {
  std::uint32_t newest = 0;
  for (const auto& [key, entry] : ledger) {
    if (key.first == plugin) newest = std::max(newest, key.second);
  }
  return newest;
}

MigrationRow row_of(const std::string& plugin, const Migration& migration) {
  MigrationRow row;
  row.plugin = plugin;
  row.number = migration.number;
  row.name = migration.name;
  row.sha256 = migration.sha256.empty() ? sha256_hex(migration.sql) : migration.sha256;
  return row;
}

void take_entry(MigrationRow& row, const LedgerEntry& entry) {
  row.applied_at = entry.applied_at;
  row.took_ms = entry.took_ms;
}

void compare_plugin(const MigrationSet& set, const Ledger& ledger,
                    std::vector<MigrationRow>& rows) {
  const std::uint32_t newest = newest_applied(ledger, set.plugin);
  std::set<std::uint32_t> numbers;
  const std::size_t first = rows.size();
  for (const Migration& migration : set.migrations) {
    numbers.insert(migration.number);
    MigrationRow row = row_of(set.plugin, migration);
    const auto entry = ledger.find({set.plugin, migration.number});
    if (entry == ledger.end()) {
      row.state = row.number < newest ? MigrationState::out_of_order : MigrationState::pending;
    } else {
      const bool is_same = entry->second.sha256 == row.sha256;
      row.state = is_same ? MigrationState::applied : MigrationState::edited;
      take_entry(row, entry->second);
    }
    rows.push_back(std::move(row));
  }
  for (const auto& [key, entry] : ledger) {
    if (key.first != set.plugin || numbers.contains(key.second)) continue;
    MigrationRow row{set.plugin, key.second, entry.name, entry.sha256, MigrationState::missing,
                     {},         0};
    take_entry(row, entry);
    rows.push_back(std::move(row));
  }
  std::stable_sort(
      rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end(),
      [](const MigrationRow& a, const MigrationRow& b) { return a.number < b.number; });
}

void check_roles(const std::vector<MigrationSet>& sets) {
  std::map<std::string, std::string> plugin_by_role;
  for (const MigrationSet& set : sets) {
    for (const std::string& role : {runtime_role(set.plugin), owner_role(set.plugin)}) {
      if (role.empty()) continue;
      const auto [place, is_new] = plugin_by_role.emplace(role, set.plugin);
      if (is_new) continue;
      throw MigrationError("the plugins " + place->second + " and " + set.plugin +
                           " would share the database role " + role +
                           ": rename one, or disable it");
    }
  }
}

}  // namespace

std::vector<MigrationRow> compare(const std::vector<MigrationSet>& sets, const Ledger& ledger) {
  std::vector<MigrationRow> rows;
  for (const MigrationSet& set : sets) compare_plugin(set, ledger, rows);
  return rows;
}

void check_sets(const std::vector<MigrationSet>& sets) {
  check_roles(sets);
  for (const MigrationSet& set : sets) {
    std::uint32_t due = 1;
    for (const Migration& migration : sorted(set.migrations)) {
      if (migration.number < due) {
        throw MigrationError(set.plugin + "/" + migration.name + ": number " +
                                 std::to_string(migration.number) +
                                 " is taken by another file: give it the next free one",
                             set.plugin);
      }
      if (migration.number > due) {
        throw MigrationError(set.plugin + "/" + migration.name + ": number " + std::to_string(due) +
                                 " is due before it: numbers have no gaps",
                             set.plugin);
      }
      ++due;
    }
  }
}

void check_rows(const std::vector<MigrationRow>& rows) {
  for (const MigrationRow& row : rows) {
    const std::string file = row.plugin + "/" + row.name;
    if (row.state == MigrationState::edited) {
      throw MigrationError(file + " was edited after it had been applied on " + row.applied_at +
                               ": restore the file as it was, and put the change into a new one",
                           row.plugin);
    }
    if (row.state == MigrationState::missing) {
      throw MigrationError(file + " was applied on " + row.applied_at +
                               ", but this plugin has no such file: install a version of " +
                               row.plugin + " that is not older than its data",
                           row.plugin);
    }
    if (row.state == MigrationState::out_of_order) {
      throw MigrationError(file +
                               " has not been applied, but a later one has: give it the next "
                               "free number",
                           row.plugin);
    }
  }
}

}  // namespace calixo::host
