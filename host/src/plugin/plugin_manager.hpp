// The life of all plugins, told once: load, describe, configure, migrate, start, drain, stop.
// A failed step undoes the ones before it for that plugin. Used by the thread that runs the
// process's start and end; not thread-safe.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "db/migrator.hpp"
#include "http/router.hpp"
#include "plugin/extension_directory.hpp"
#include "plugin/manifest.hpp"
#include "plugin/plugin_instance.hpp"
#include "plugin/plugin_library.hpp"
#include "plugin/plugin_routes.hpp"
#include "plugin/service_directory.hpp"

namespace calixo::host {

// Where plugins' registrations come from: from describe, as a start needs them, or from the files'
// manifests, which can be looked at only.
enum class PluginSource { libraries, manifests };

class PluginManager {
 public:
  explicit PluginManager(HostContext& context) : context_(context) {}

  // 1. load and describe: opens the libraries of `enabled` in `folders`, takes their registrations.
  //    A plugin that fails is kept with its reason. From manifests no code of a plugin runs, but
  //    where it may be without one and is.
  void load(const std::vector<std::string>& enabled, const std::string& folders,
            PluginSource source = PluginSource::libraries);

  // 2. Puts the described plugins in order of their dependencies and needs; those with a missing
  //    one, or in a cycle, fail with a reason that names it. Registers keys, services and messages.
  void resolve(Configuration& configuration);
  //    A plugin whose route is taken, by another or by the host's `own`, fails; both are named.
  void check_routes(const std::vector<Route>& own);

  //    A plugin that asks for more of others' tables than plugins.<id>.grants allows fails.
  void check_grants(const Configuration& configuration);

  // 3. Whether each plugin is required (plugins.<id>.required); true where nothing says otherwise.
  void set_required(const Configuration& configuration);
  // Fails a healthy plugin for a reason found outside, and those that depend on it.
  void refuse(const std::string& name, const std::string& reason);
  // Reasons of required plugins that failed; the start ends on any.
  std::vector<std::string> fatal_failures() const;

  // 4. configure: plugins see their keys and may refuse.
  void configure();

  // 5. migrate: the sets in order, the host's own not among them.
  std::vector<MigrationSet> migration_sets() const;
  //    Fails the plugins whose grants the tables don't allow.
  void take_grant_refusals(const std::vector<GrantRefusal>& refusals);

  // 6. start. May suspend or block.
  void start();
  // 7. Adds the routes of the plugins that started.
  void add_routes(Router& router);

  // 8. At the end, in the reverse order.
  void drain();
  void stop();

  // The token verifier that a plugin offers, or nullptr.
  TokenVerifier* token_verifier();

  const std::vector<std::unique_ptr<PluginInstance>>& plugins() const { return plugins_; }

 private:
  void throw_if_taken(const std::string& id, const std::string& file) const;
  void load_one(const std::string& name, const std::string& folders, PluginSource source);
  std::unique_ptr<PluginInstance> make_plugin(const std::string& name,
                                              const std::filesystem::path& file,
                                              const std::optional<Manifest>& manifest,
                                              PluginSource source);
  void describe(PluginInstance& plugin, const std::optional<Manifest>& manifest);
  bool may_lack_manifest(const std::filesystem::path& file) const;
  void fail(PluginInstance& plugin, const std::string& reason);
  void fail_missing_dependencies();
  void order();
  std::vector<std::string> needs_of(const PluginInstance& plugin) const;
  PluginInstance* healthy(const std::string& name) const;
  PluginInstance* offering(const std::string& service) const;
  PluginInstance* defining(const std::string& point) const;
  std::string enter_directories(const PluginInstance& plugin, Configuration& configuration);

  HostContext& context_;
  std::vector<std::unique_ptr<PluginInstance>> plugins_;  // in order after resolve
  std::map<std::string, std::string> tables_;             // to the plugin that creates it
  ServiceDirectory services_;
  ExtensionDirectory extensions_;
  std::vector<std::unique_ptr<PluginRouteHandler>> handlers_;
  std::unique_ptr<PluginTokenVerifier> verifier_;
};

}  // namespace calixo::host
