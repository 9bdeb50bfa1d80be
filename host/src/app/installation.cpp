#include "app/installation.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include "app/host_routes.hpp"
#include "config/host_keys.hpp"
#include "db/host_migrations.hpp"
#include "log/log.hpp"

namespace calixo::host {

namespace {

// "org.example.plank" -> "CALIXO_ORG_EXAMPLE_PLANK_"
std::string environment_prefix(const std::string& plugin) {
  std::string prefix = "CALIXO_";
  for (const char c : plugin) {
    const auto byte = static_cast<unsigned char>(c);
    prefix += std::isalnum(byte) != 0 ? static_cast<char>(std::toupper(byte)) : '_';
  }
  return prefix + "_";
}

}  // namespace

void load_layers(Configuration& configuration, const Sources& sources) {
  add_host_keys(configuration);
  if (!sources.config_file.empty()) configuration.load_file(sources.config_file);
  configuration.load_environment(environ);
  for (const auto& [name, value] : sources.settings) configuration.set(name, value);
}

std::string own_problems(const Configuration& configuration) {
  std::string wrong;
  for (const ConfigurationFinding& finding : configuration.check()) {
    if (configuration.find(finding.key) == nullptr) continue;  // maybe a plugin's
    wrong += (wrong.empty() ? "" : "\n") + finding.key + ": " + finding.message;
  }
  return wrong;
}

Installation::Installation(const Sources& sources, Options options) : options_(std::move(options)) {
  load_layers(configuration_, sources);
  context_.configuration = &configuration_;
  load_plugins();
  plugins_.set_required(configuration_);
  plugins_.resolve(configuration_);
  plugins_.check_routes(host_route_list());
  plugins_.check_grants(configuration_);
}

void Installation::load_plugins() {
  std::vector<std::string> enabled = configuration_.get_list("plugins.enabled");
  std::erase_if(enabled, [this](const std::string& name) {
    return std::any_of(options_.left_out.begin(), options_.left_out.end(),
                       [&](const LeftOut& plugin) { return plugin.enabled_as == name; });
  });
  if (options_.on_plugin) {
    context_.on_plugin = [this](const std::string& enabled_as, const std::string& id) {
      const bool is_required = configuration_.raw("plugins." + id + ".required") != "false";
      options_.on_plugin(enabled_as, id, is_required);
    };
  }
  plugins_.load(enabled, configuration_.get_text("plugins.path"), options_.source);
}

bool Installation::is_left_outs(const std::string& key) const {
  return std::any_of(
      options_.left_out.begin(), options_.left_out.end(), [&](const LeftOut& plugin) {
        return key.starts_with(plugin.id + ".") || key.starts_with(plugin.enabled_as + ".") ||
               key.starts_with(environment_prefix(plugin.id)) ||
               key.starts_with(environment_prefix(plugin.enabled_as));
      });
}

std::vector<std::string> Installation::problems() const {
  std::vector<std::string> all;
  for (const ConfigurationFinding& finding : configuration_.check()) {
    if (is_left_outs(finding.key) && configuration_.find(finding.key) == nullptr) continue;
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
