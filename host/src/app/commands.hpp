// The commands of `calixo`, by area. Each reads the installation anew from its arguments.
#pragma once

#include <memory>
#include <string>

#include "app/installation.hpp"
#include "cli/command.hpp"
#include "db/embedded_cluster.hpp"

namespace calixo::host {

// Options of every command: --config, --data, --set, --port, --json.
std::vector<OptionSpec> common_options();
// Throws UsageError for a --set without '='.
Sources sources_of(const Arguments& arguments);

// The database a command works on: database.url, the running server's embedded cluster, or that
// cluster started for the length of the command.
class CommandDatabase {
 public:
  enum class IfNew { create, leave };
  // With IfNew::leave, an embedded cluster that was never made stays so: exists() is false.
  // Throws std::runtime_error with the way out.
  CommandDatabase(const Configuration& configuration, Output& output, IfNew if_new);
  bool exists() const { return !url_.empty(); }
  const std::string& url() const { return url_; }

 private:
  std::string url_;
  std::unique_ptr<EmbeddedCluster> cluster_;
};

Command make_command(std::string words, std::string summary, int (*run)(const Arguments&, Output&));

// Prints the reasons and answers kExitProblem; kExitOk where there are none.
int complain_about(const std::vector<std::string>& problems, Output& output);

void add_serve_commands(CommandSet& commands);     // serve, worker
void add_check_commands(CommandSet& commands);     // check, doctor
void add_migrate_commands(CommandSet& commands);   // migrate status|up|plan
void add_config_commands(CommandSet& commands);    // config list|get|set|check|reference
void add_describe_commands(CommandSet& commands);  // plugins list, routes, openapi
void add_new_commands(CommandSet& commands);       // new plugin|challenge-type
void add_work_commands(CommandSet& commands);      // events list|replay, jobs list|replay
void add_validate_commands(CommandSet& commands);  // validate, validate-check
void add_pack_commands(CommandSet& commands);      // pack, plugins install
void add_dev_commands(CommandSet& commands);       // dev
void add_manifest_commands(CommandSet& commands);  // plugins inspect
// Commands that the enabled plugins register; `words` decide whether plugins are loaded at all.
void add_plugin_commands(CommandSet& commands, const std::vector<std::string>& words);

}  // namespace calixo::host
