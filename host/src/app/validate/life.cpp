#include "app/validate/life.hpp"

#include <stdexcept>

#include "plugin/manifest.hpp"

namespace calixo::host {

Sources sources_of_check(const CheckInput& input) {
  Sources sources = input.sources;
  std::string enabled;
  for (const std::string& file : input.with) enabled += file + ",";
  sources.settings.emplace_back("plugins.enabled", enabled + input.file);
  if (!input.database_url.empty()) {
    sources.settings.emplace_back("database.url", input.database_url);
  }
  return sources;
}

Life::Life(const CheckInput& input) : input_(input), installation_(sources_of_check(input)) {}

Life::~Life() { stop(); }

const PluginInstance& Life::plugin() const {
  for (const auto& plugin : installation_.plugins().plugins()) {
    if (plugin->file == input_.file || plugin->name == input_.file) return *plugin;
  }
  throw std::logic_error("the plugin under validation was not loaded");
}

std::string Life::failure() const {
  std::string all;
  for (const std::string& reason : installation_.plugins().fatal_failures()) {
    all += (all.empty() ? "" : "; ") + reason;
  }
  return all;
}

std::string Life::start() {
  engine_ = std::make_unique<Engine>(installation_, input_.database_url, 1);
  try {
    engine_->start();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

void Life::stop() { engine_.reset(); }

std::string registrations_text(const PluginInstance& plugin) {
  return to_json(manifest_of(plugin.name, plugin.version, plugin.entry->abi_major,
                             plugin.entry->abi_minor, plugin.registrations));
}

}  // namespace calixo::host
