// migrate status|up|plan: the ledger, and what would run.
#include <algorithm>

#include "app/commands.hpp"
#include "db/migrator.hpp"

namespace calixo::host {
namespace {

std::string state_text(MigrationState state) {
  switch (state) {
    case MigrationState::applied:
      return "applied";
    case MigrationState::pending:
      return "pending";
    case MigrationState::edited:
      return "edited";
    case MigrationState::missing:
      return "missing";
    case MigrationState::out_of_order:
      return "out of order";
  }
  return "unknown";
}

Cell text_or_nothing(const std::string& text) { return text.empty() ? Cell() : Cell(text); }

Table table_of(const std::vector<MigrationRow>& rows) {
  Table table{{{"plugin"}, {"file"}, {"state"}, {"applied_at"}, {"took_ms"}, {"sha256"}}, {}};
  for (const MigrationRow& row : rows) {
    const bool is_applied = !row.applied_at.empty();
    table.rows.push_back({row.plugin, row.name, state_text(row.state),
                          text_or_nothing(row.applied_at), is_applied ? Cell(row.took_ms) : Cell(),
                          row.sha256.substr(0, 12)});
  }
  return table;
}

// Runs `use` with the installation, plugins that fail are told first.
template <class Use>
int with_installation(const Arguments& arguments, Output& output, Use use) {
  Installation installation(sources_of(arguments));
  if (const auto failures = installation.plugins().fatal_failures(); !failures.empty()) {
    return complain_about(failures, output);
  }
  try {
    return use(installation);
  } catch (const std::exception& error) {
    return complain_about({error.what()}, output);
  }
}

std::vector<MigrationRow> all_pending(const Installation& installation) {
  std::vector<MigrationRow> rows;
  for (const MigrationSet& set : installation.migration_sets()) {
    for (const Migration& migration : set.migrations) {
      MigrationRow row;
      row.plugin = set.plugin;
      row.number = migration.number;
      row.name = migration.name;
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::vector<MigrationRow> rows_of(Installation& installation, Output& output) {
  const CommandDatabase database(installation.configuration(), output,
                                 CommandDatabase::IfNew::leave);
  if (!database.exists()) return all_pending(installation);
  return Migrator(database.url(), installation.migration_sets()).status();
}

int status(const Arguments& arguments, Output& output) {
  return with_installation(arguments, output, [&](Installation& installation) {
    const std::vector<MigrationRow> rows = rows_of(installation, output);
    output.table(table_of(rows), "no migrations");
    const bool is_sound = std::all_of(rows.begin(), rows.end(), [](const MigrationRow& row) {
      return row.state == MigrationState::applied || row.state == MigrationState::pending;
    });
    return is_sound ? kExitOk : kExitProblem;
  });
}

int plan(const Arguments& arguments, Output& output) {
  return with_installation(arguments, output, [&](Installation& installation) {
    std::vector<MigrationRow> rows = rows_of(installation, output);
    std::erase_if(rows, [](const auto& row) { return row.state == MigrationState::applied; });
    output.table(table_of(rows), "nothing to apply");
    return kExitOk;
  });
}

int up(const Arguments& arguments, Output& output) {
  return with_installation(arguments, output, [&](Installation& installation) {
    const CommandDatabase database(installation.configuration(), output,
                                   CommandDatabase::IfNew::create);
    Migrator migrator(database.url(), installation.migration_sets());
    const auto report = migrator.up(
        [&](const MigrationRow& row) { output.say("applying " + row.plugin + " " + row.name); });
    output.table(table_of(report.applied), "nothing to apply");
    std::vector<std::string> refused;
    for (const GrantRefusal& one : report.refused) {
      refused.push_back("plugin " + one.plugin + ": " + one.reason);
    }
    return complain_about(refused, output);
  });
}

}  // namespace

void add_migrate_commands(CommandSet& commands) {
  commands.add(make_command("migrate status", "every migration and whether it ran", &status));
  commands.add(
      make_command("migrate plan", "what `migrate up` would apply; changes nothing", &plan));
  commands.add(make_command("migrate up", "apply what is pending", &up));
}

}  // namespace calixo::host
