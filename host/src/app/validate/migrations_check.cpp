// migrations: applied on an empty database, applied again without a change by a new description,
// and row level security on every table they made.
#include "app/validate/check.hpp"
#include "app/validate/life.hpp"
#include "db/admin_session.hpp"

namespace calixo::host {
namespace {

// The rows that were applied; nullopt where it failed, which the report then says.
std::optional<std::vector<MigrationRow>> apply(const CheckInput& input, CheckReport& report,
                                               std::string_view subject) {
  report.begin_case(subject);
  const Life life(input);
  try {
    if (const std::string failure = life.failure(); !failure.empty()) {
      throw std::runtime_error(failure);
    }
    return Migrator(input.database_url, life.installation().migration_sets()).up().applied;
  } catch (const std::exception& error) {
    report.finding({std::string(subject), error.what(),
                    "the same description must give the same files, byte for byte, and they must "
                    "apply to an empty database"});
    return std::nullopt;
  }
}

void look_at_row_security(const CheckInput& input, const std::string& plugin, CheckReport& report) {
  report.begin_case("row level security");
  AdminSession session(input.database_url);
  const ResultSet tables = session.query(
      "select c.relname, c.relrowsecurity and c.relforcerowsecurity"
      " from pg_class c join pg_roles r on r.oid = c.relowner"
      " where r.rolname = $1 and c.relkind in ('r', 'p') order by c.relname",
      {owner_role(plugin)});
  for (std::size_t row = 0; row < tables.row_count(); ++row) {
    if (tables.value(row, 1) == "t") continue;
    const std::string table(*tables.value(row, 0));
    report.finding({"table " + table, "row level security is not enabled and forced on " + table,
                    "add to the migration that makes it: alter table " + table +
                        " enable row level security; alter table " + table +
                        " force row level security; and its policies"});
  }
}

}  // namespace

void check_migrations(const CheckInput& input, CheckReport& report) {
  const auto first = apply(input, report, "apply");
  if (!first) return;
  const auto second = apply(input, report, "apply again");
  if (!second) return;
  for (const MigrationRow& row : *second) {
    report.finding({"apply again", row.name + " was applied a second time",
                    "the same description must give the same files"});
  }
  const Life life(input);
  const PluginInstance& plugin = life.plugin();
  look_at_row_security(input, plugin.name, report);
  std::size_t own = 0;
  for (const MigrationRow& row : *first) own += row.plugin == plugin.name ? 1 : 0;
  report.summary(std::to_string(own) + " applied, nothing the second time");
}

}  // namespace calixo::host
