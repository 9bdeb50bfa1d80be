// A configured installation: its file, environment and --set read, its plugins loaded and
// described, every key checked. What `serve` and all commands stand on. Changes nothing outside the
// process.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "app/left_out.hpp"
#include "config/configuration.hpp"
#include "db/migrator.hpp"
#include "plugin/plugin_manager.hpp"
#include "runtime/crash_report.hpp"

namespace calixo::host {

// Where values come from, as the command line says.
struct Sources {
  std::filesystem::path config_file;                          // empty: none
  std::vector<std::pair<std::string, std::string>> settings;  // --set name=value, --data, --port
};

// The layers over the server's own keys: for the supervisor, which loads no plugin.
// Throws std::runtime_error for a file that can't be read.
void load_layers(Configuration& configuration, const Sources& sources);

// What is wrong with the server's own keys, where no plugin has registered its own; empty: nothing.
std::string own_problems(const Configuration& configuration);

// Starts the process's log as the keys say.
void start_log(const Configuration& configuration);

class Installation {
 public:
  struct Options {
    PluginSource source = PluginSource::libraries;
    std::vector<LeftOut> left_out;  // enabled, and not to be loaded
    // Before a plugin's library is opened, and again once its id is known.
    std::function<void(const std::string& enabled_as, const std::string& id, bool is_required)>
        on_plugin;
  };

  // Throws std::runtime_error for a file that can't be read; all else is told by problems().
  Installation(const Sources& sources, Options options);
  explicit Installation(const Sources& sources) : Installation(sources, Options{}) {}

  Configuration& configuration() { return configuration_; }
  PluginManager& plugins() { return plugins_; }
  const PluginManager& plugins() const { return plugins_; }
  HostContext& context() { return context_; }

  // What keeps the server from starting: keys and required plugins, each with the way out.
  std::vector<std::string> problems() const;
  // The host's migrations, then those of the plugins, in order.
  std::vector<MigrationSet> migration_sets() const;

 private:
  void load_plugins();
  // A key of a plugin that is left out: nobody has registered it.
  bool is_left_outs(const std::string& key) const;

  crash_report::AlternateStack alternate_stack_;  // of the thread that runs the plugins' steps
  Options options_;
  Configuration configuration_;
  HostContext context_;
  PluginManager plugins_{context_};
};

// Every route of the host and of the healthy plugins, as the API document and `calixo routes` show.
std::vector<const RegisteredRoute*> documented_routes(const Installation& installation);

}  // namespace calixo::host
