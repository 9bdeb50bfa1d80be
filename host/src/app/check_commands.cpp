// check: configuration, plugins and database before a start, changing nothing. It knows plugins by
// their manifests and runs none of their code.
// doctor: the same with the plugins opened, and what a running database shows.
#include <algorithm>

#include "app/commands.hpp"
#include "app/database_findings.hpp"
#include "app/findings.hpp"
#include "app/host_routes.hpp"
#include "app/work_findings.hpp"
#include "cli/report_session.hpp"
#include "db/migrator.hpp"
#include "plugin/conflicts.hpp"
#include "plugin/manifest_file.hpp"
#include "plugin/plugin_library.hpp"

namespace calixo::host {

int report_findings(const std::vector<Finding>& findings, Output& output) {
  Table table{{{"area"}, {"ok"}, {"finding"}}, {}};
  for (const Finding& finding : findings) {
    table.rows.push_back({finding.area, finding.is_sound, finding.message});
  }
  output.table(table);
  const bool is_sound = std::all_of(findings.begin(), findings.end(),
                                    [](const Finding& finding) { return finding.is_sound; });
  return is_sound ? kExitOk : kExitProblem;
}

namespace {

void look_at_configuration(Installation& installation, std::vector<Finding>& findings) {
  const auto wrong = installation.configuration().check();
  for (const ConfigurationFinding& finding : wrong) {
    findings.push_back({"configuration", false, finding.key + ": " + finding.message});
  }
  if (wrong.empty()) {
    findings.push_back({"configuration", true,
                        std::to_string(installation.configuration().keys().size()) + " keys"});
  }
}

void look_at_plugins(Installation& installation, std::vector<Finding>& findings) {
  for (const auto& plugin : installation.plugins().plugins()) {
    const bool is_sound = plugin->state != PluginState::failed;
    findings.push_back({"plugin " + plugin->name, is_sound || !plugin->required,
                        is_sound
                            ? plugin->version + ", " +
                                  std::to_string(plugin->registrations.routes.size()) + " routes"
                            : plugin->failure});
  }
}

// From the files alone; what can't be read there, the plugin's own finding says.
void look_at_conflicts(const Configuration& configuration, std::vector<Finding>& findings) {
  std::vector<EnabledManifest> plugins;
  for (const std::string& name : configuration.get_list("plugins.enabled")) {
    try {
      const auto file = find_plugin_file(name, configuration.get_text("plugins.path"));
      if (auto manifest = read_manifest(file)) {
        plugins.push_back({file.string(), std::move(*manifest)});
      }
    } catch (const std::exception&) {
      continue;
    }
  }
  const std::vector<std::string> conflicts = find_conflicts(plugins, host_route_list());
  for (const std::string& conflict : conflicts) findings.push_back({"conflict", false, conflict});
  if (conflicts.empty()) {
    findings.push_back(
        {"conflicts", true, "none between " + std::to_string(plugins.size()) + " plugins"});
  }
}

void look_at_migrations(Installation& installation, const std::string& url,
                        std::vector<Finding>& findings) {
  std::size_t pending = 0;
  for (const MigrationRow& row : Migrator(url, installation.migration_sets()).status()) {
    if (row.state == MigrationState::pending) ++pending;
    if (row.state == MigrationState::applied || row.state == MigrationState::pending) continue;
    findings.push_back({"migrations", false,
                        row.plugin + " " + row.name +
                            " was edited, is missing or out of order: "
                            "restore the file as it was applied, and put the change in a new one"});
  }
  findings.push_back({"migrations", true,
                      pending == 0
                          ? "all applied"
                          : std::to_string(pending) + " pending: the next start applies them, "
                                                      "or `calixo migrate up`"});
}

using Look = void (*)(ReportSession& session, std::vector<Finding>& findings);

void look_at_database(Installation& installation, Output& output, std::vector<Finding>& findings,
                      Look look) {
  try {
    const CommandDatabase database(installation.configuration(), output,
                                   CommandDatabase::IfNew::leave);
    if (!database.exists()) {
      findings.push_back({"database", true, "embedded, not made yet: the first start makes it"});
      return;
    }
    ReportSession session(database.url());
    look(session, findings);
    look_at_migrations(installation, database.url(), findings);
  } catch (const std::exception& error) {
    findings.push_back({"database", false, error.what()});
  }
}

int look(const Arguments& arguments, Output& output, PluginSource source, Look look_at_session) {
  Installation::Options options;
  options.source = source;
  Installation installation(sources_of(arguments), options);
  std::vector<Finding> findings;
  look_at_configuration(installation, findings);
  look_at_plugins(installation, findings);
  look_at_conflicts(installation.configuration(), findings);
  look_at_database(installation, output, findings, look_at_session);
  return report_findings(findings, output);
}

int check(const Arguments& arguments, Output& output) {
  return look(arguments, output, PluginSource::manifests, &look_at_server);
}

int doctor(const Arguments& arguments, Output& output) {
  return look(arguments, output, PluginSource::libraries,
              [](ReportSession& session, std::vector<Finding>& findings) {
                look_at_server(session, findings);
                look_at_role_fence(session, findings);
                look_at_tables(session, findings);
                look_at_activity(session, findings);
                look_at_work(session, findings);
              });
}

}  // namespace

void add_check_commands(CommandSet& commands) {
  commands.add(make_command(
      "check", "configuration, plugins and database: what is wrong and how to mend it", &check));
  commands.add(
      make_command("doctor", "check, and the health of the database as it stands", &doctor));
}

}  // namespace calixo::host
