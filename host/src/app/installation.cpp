#include "app/installation.hpp"

#include <unistd.h>

#include <map>

#include "app/host_routes.hpp"
#include "config/host_keys.hpp"
#include "db/host_migrations.hpp"
#include "log/log.hpp"

namespace calixo::host {

void load_layers(Configuration& configuration, const Sources& sources) {
  add_host_keys(configuration);
  if (!sources.config_file.empty()) configuration.load_file(sources.config_file);
  configuration.load_environment(environ);
  for (const auto& [name, value] : sources.settings) configuration.set(name, value);
}

Installation::Installation(const Sources& sources, PluginSource plugins) {
  load_layers(configuration_, sources);
  context_.configuration = &configuration_;
  plugins_.load(configuration_.get_list("plugins.enabled"), configuration_.get_text("plugins.path"),
                plugins);
  plugins_.set_required(configuration_);
  plugins_.resolve(configuration_);
  plugins_.check_routes(host_route_list());
  plugins_.check_grants(configuration_);
}

std::vector<std::string> Installation::problems() const {
  std::vector<std::string> all;
  for (const ConfigurationFinding& finding : configuration_.check()) {
    all.push_back(finding.key + ": " + finding.message);
  }
  for (std::string& failure : plugins_.fatal_failures()) all.push_back(std::move(failure));
  return all;
}

std::vector<MigrationSet> Installation::migration_sets() const {
  std::vector<MigrationSet> sets{host_migrations()};
  for (MigrationSet& set : plugins_.migration_sets()) sets.push_back(std::move(set));
  return sets;
}

void start_log(const Configuration& configuration) {
  static const std::map<std::string, log::Level> kLevels{{"debug", log::Level::debug},
                                                         {"info", log::Level::info},
                                                         {"warn", log::Level::warn},
                                                         {"error", log::Level::error}};
  log::Options options;
  options.level = kLevels.at(configuration.get_text("log.level"));
  options.format = configuration.get_text("log.format");
  log::start(options);
}

std::vector<const RegisteredRoute*> documented_routes(const Installation& installation) {
  std::vector<const RegisteredRoute*> all;
  for (const RegisteredRoute& route : host_routes()) all.push_back(&route);
  for (const auto& plugin : installation.plugins().plugins()) {
    if (plugin->state == PluginState::failed) continue;
    for (const RegisteredRoute& route : plugin->registrations.routes) all.push_back(&route);
  }
  return all;
}

}  // namespace calixo::host
