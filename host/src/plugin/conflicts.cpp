#include "plugin/conflicts.hpp"

#include <map>

#include "db/migrator.hpp"
#include "http/router.hpp"

namespace calixo::host {
namespace {

// Names of one kind, each with the plugin that claimed it first.
class Claims {
 public:
  Claims(std::string kind, std::vector<std::string>& conflicts)
      : kind_(std::move(kind)), conflicts_(conflicts) {}

  void claim(const std::string& name, const std::string& plugin) {
    const auto [first, is_new] = owners_.try_emplace(name, plugin);
    if (is_new || first->second == plugin) return;
    conflicts_.push_back(kind_ + " " + name + " is claimed by plugin " + first->second +
                         " and by plugin " + plugin + "; take one of them out of plugins.enabled");
  }

 private:
  std::string kind_;
  std::vector<std::string>& conflicts_;
  std::map<std::string, std::string> owners_;
};

void look_at_ids(const std::vector<EnabledManifest>& plugins, std::vector<std::string>& conflicts) {
  std::map<std::string, std::string> files;
  for (const EnabledManifest& plugin : plugins) {
    const auto [first, is_new] = files.try_emplace(plugin.manifest.id, plugin.file);
    if (is_new) continue;
    conflicts.push_back("plugin id " + plugin.manifest.id + " is in " + first->second + " and in " +
                        plugin.file + "; take one of them out of plugins.enabled");
  }
}

void look_at_routes(const std::vector<EnabledManifest>& plugins, const std::vector<Route>& own,
                    std::vector<std::string>& conflicts) {
  Router router;
  for (const Route& route : own) router.add(route);
  for (const EnabledManifest& plugin : plugins) {
    for (const RegisteredRoute& route : plugin.manifest.registrations.routes) {
      std::string conflict = router.add(route.route);
      if (!conflict.empty()) conflicts.push_back(std::move(conflict));
    }
  }
}

}  // namespace

std::vector<std::string> find_conflicts(const std::vector<EnabledManifest>& plugins,
                                        const std::vector<Route>& own) {
  std::vector<std::string> conflicts;
  look_at_ids(plugins, conflicts);
  look_at_routes(plugins, own, conflicts);
  Claims roles("the database role", conflicts), keys("key", conflicts), tables("table", conflicts),
      services("service", conflicts), points("extension point", conflicts),
      extensions("extension", conflicts), commands("command", conflicts);
  for (const auto& [file, manifest] : plugins) {
    const Registrations& all = manifest.registrations;
    roles.claim(runtime_role(manifest.id), manifest.id);
    for (const Key& key : all.keys) keys.claim(key.name, manifest.id);
    for (const std::string& table : manifest.tables) tables.claim(table, manifest.id);
    for (const OfferedService& offer : all.offers) services.claim(offer.id, manifest.id);
    for (const std::string& point : all.points) points.claim(point, manifest.id);
    for (const RegisteredExtension& one : all.extensions) {
      extensions.claim("\"" + one.name + "\" of " + one.point, manifest.id);
    }
    for (const RegisteredCommand& command : all.commands)
      commands.claim(command.words, manifest.id);
  }
  return conflicts;
}

}  // namespace calixo::host
