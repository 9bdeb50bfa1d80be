// PluginManager's first step: from the file's manifest, which no plugin's code can falsify, to a
// described plugin that equals it; and what stands on the manifest, grants.
#include <algorithm>

#include "config/configuration.hpp"
#include "plugin/grant_policy.hpp"
#include "plugin/library_file.hpp"
#include "plugin/manifest_file.hpp"
#include "plugin/plugin_manager.hpp"
#include "plugin/plugin_steps.hpp"

namespace calixo::host {
namespace {

TableGrant table_grant(const std::string& plugin, const RegisteredGrant& grant) {
  return {plugin, grant.table, grant.privilege, grant.columns};
}

}  // namespace

void PluginManager::load(const std::vector<std::string>& enabled, const std::string& folders,
                         PluginSource source) {
  for (const std::string& name : enabled) load_one(name, folders, source);
}

bool PluginManager::may_lack_manifest(const std::filesystem::path& file) const {
  return context_.configuration != nullptr &&
         context_.configuration->raw("plugins." + plugin_name_of(file.string()) + ".manifest") ==
             "optional";
}

void PluginManager::load_one(const std::string& name, const std::string& folders,
                             PluginSource source) {
  if (context_.on_plugin) context_.on_plugin(name, name);
  try {
    const std::filesystem::path file = find_plugin_file(name, folders);
    if (const std::string fault = library_file_fault(file.string()); !fault.empty()) {
      throw PluginError(file.string() + " " + fault);
    }
    const std::string where = file.string() + ": ";
    std::optional<Manifest> manifest;
    try {
      manifest = read_manifest(file);
    } catch (const ManifestError& error) {
      throw PluginError(where + "can't be opened: " + error.what());
    }
    if (!manifest && !may_lack_manifest(file)) {
      throw PluginError(where + missing_manifest_text() + "; or, where you trust it, set plugins." +
                        plugin_name_of(file.string()) + ".manifest = optional");
    }
    auto plugin = make_plugin(name, file, manifest, source);
    plugins_.push_back(std::move(plugin));
    if (plugins_.back()->entry != nullptr) describe(*plugins_.back(), manifest);
  } catch (const PluginError& error) {
    plugins_.push_back(std::make_unique<PluginInstance>());
    plugins_.back()->name = plugin_name_of(name);
    fail(*plugins_.back(), error.what());
  }
}

// An id is one plugin's: it names its tables, its role and its keys.
void PluginManager::throw_if_taken(const std::string& id, const std::string& file) const {
  for (const auto& other : plugins_) {
    if (other->name != id || other->version.empty()) continue;
    throw PluginError("plugin id " + id + " is loaded twice, from " + other->file + " and from " +
                      file + "; take one of them out of plugins.enabled");
  }
}

std::unique_ptr<PluginInstance> PluginManager::make_plugin(const std::string& name,
                                                           const std::filesystem::path& file,
                                                           const std::optional<Manifest>& manifest,
                                                           PluginSource source) {
  if (manifest) {
    throw_if_taken(manifest->id, file.string());
    const std::string refusal = abi_refusal(manifest->abi_major, manifest->abi_minor);
    if (!refusal.empty()) throw PluginError(file.string() + ": " + refusal);
  }
  std::unique_ptr<PluginInstance> plugin;
  if (manifest && source == PluginSource::manifests) {
    plugin = std::make_unique<PluginInstance>();
    plugin->name = manifest->id;
    plugin->enabled_as = name;
    plugin->version = manifest->version;
    plugin->file = file.string();
    plugin->registrations = manifest->registrations;
    plugin->tables = manifest->tables;
    plugin->state = PluginState::described;
  } else {
    if (manifest && context_.on_plugin) context_.on_plugin(name, manifest->id);
    plugin = open_plugin(name, file, context_);
    if (!manifest && context_.on_plugin) context_.on_plugin(name, plugin->name);
    throw_if_taken(plugin->name, plugin->file);
  }
  plugin->has_manifest = manifest.has_value();
  return plugin;
}

void PluginManager::describe(PluginInstance& plugin, const std::optional<Manifest>& manifest) {
  const std::string reason = take_registrations(
      plugin, [&] { return run_step(plugin, "describe", plugin.entry->describe); });
  if (!reason.empty()) {
    return fail(plugin, "describe: " + reason + missing_interfaces_text(plugin, reason));
  }
  const Manifest registered = manifest_of(plugin.name, plugin.version, plugin.entry->abi_major,
                                          plugin.entry->abi_minor, plugin.registrations);
  plugin.tables = registered.tables;
  if (manifest) {
    const std::string difference = first_difference(*manifest, registered);
    if (!difference.empty()) {
      return fail(plugin, "what it registers is not what its manifest says. " + difference +
                              ". Install the file as its maker built it, or rebuild it");
    }
  }
  plugin.state = PluginState::described;
}

void PluginManager::check_grants(const Configuration& configuration) {
  for (const auto& plugin : plugins_) {
    if (plugin->state == PluginState::failed) continue;
    const std::string refusal =
        grants_refusal(plugin->name, plugin->registrations.grants, plugin->tables,
                       configuration.raw("plugins." + plugin->name + ".grants"));
    if (!refusal.empty()) fail(*plugin, refusal);
  }
  fail_missing_dependencies();
}

void PluginManager::take_grant_refusals(const std::vector<GrantRefusal>& refusals) {
  for (const GrantRefusal& refusal : refusals) {
    if (PluginInstance* plugin = healthy(refusal.plugin)) fail(*plugin, refusal.reason);
  }
  fail_missing_dependencies();
}

std::vector<MigrationSet> PluginManager::migration_sets() const {
  std::vector<MigrationSet> sets;
  for (const auto& plugin : plugins_) {
    if (plugin->state == PluginState::failed) continue;
    // A set without files as well: the plugin's roles are made from it.
    sets.push_back({plugin->name, plugin->registrations.migrations});
    for (const RegisteredGrant& grant : plugin->registrations.grants) {
      sets.back().grants.push_back(table_grant(plugin->name, grant));
    }
  }
  return sets;
}

}  // namespace calixo::host
