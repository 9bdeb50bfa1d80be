// A configured installation: its file, environment and --set read, its plugins loaded and
// described, every key checked. What `serve` and all commands stand on. Changes nothing outside the
// process.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "config/configuration.hpp"
#include "db/migrator.hpp"
#include "plugin/plugin_manager.hpp"

namespace calixo::host {

// Where values come from, as the command line says.
struct Sources {
  std::filesystem::path config_file;                          // empty: none
  std::vector<std::pair<std::string, std::string>> settings;  // --set name=value, --data, --port
};

// The layers over the server's own keys: for the supervisor, which loads no plugin.
// Throws std::runtime_error for a file that can't be read.
void load_layers(Configuration& configuration, const Sources& sources);

// Starts the process's log as the keys say.
void start_log(const Configuration& configuration);

class Installation {
 public:
  // Throws std::runtime_error for a file that can't be read; all else is told by problems().
  explicit Installation(const Sources& sources, PluginSource plugins = PluginSource::libraries);

  Configuration& configuration() { return configuration_; }
  PluginManager& plugins() { return plugins_; }
  const PluginManager& plugins() const { return plugins_; }
  HostContext& context() { return context_; }

  // What keeps the server from starting: keys and required plugins, each with the way out.
  std::vector<std::string> problems() const;
  // The host's migrations, then those of the plugins, in order.
  std::vector<MigrationSet> migration_sets() const;

 private:
  Configuration configuration_;
  HostContext context_;
  PluginManager plugins_{context_};
};

// Every route of the host and of the healthy plugins, as the API document and `calixo routes` show.
std::vector<const RegisteredRoute*> documented_routes(const Installation& installation);

}  // namespace calixo::host
