// One loaded plugin: its library, the host handle it was given, what it registered, where it stands
// in its life. Never moved: the plugin holds its address.
#pragma once

#include <calixo/abi/base.h>
#include <calixo/abi/plugin.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/principal_changes.hpp"
#include "plugin/registrations.hpp"

namespace calixo::host {

class Configuration;
class Database;
class WorkerPool;
class ServiceDirectory;
class ExtensionDirectory;
class Outbox;
class OutboundClient;

// What the interfaces handed to plugins stand on. Filled as the process comes up: a null pointer
// means "not yet" and answers CALIXO_UNAVAILABLE.
struct HostContext {
  const Configuration* configuration = nullptr;
  Database* database = nullptr;
  Outbox* outbox = nullptr;
  WorkerPool* workers = nullptr;
  OutboundClient* outbound = nullptr;
  const ServiceDirectory* services = nullptr;
  const ExtensionDirectory* extensions = nullptr;
  std::shared_ptr<PrincipalChanges> principals = std::make_shared<PrincipalChanges>();
  std::vector<std::string> notices;  // lines for the operator when the server is ready
  // Told before a plugin's library is opened (id: the same name) and once its id is known.
  std::function<void(const std::string& enabled_as, const std::string& id)> on_plugin;
};

enum class PluginState { loaded, described, configured, started, stopped, failed };
std::string_view to_text(PluginState state);

struct PluginInstance {
  PluginInstance() = default;
  PluginInstance(const PluginInstance&) = delete;
  PluginInstance& operator=(const PluginInstance&) = delete;

  std::string name;  // its id; until it is open, as plugins.enabled has it
  std::string enabled_as;
  std::string file;
  std::string version;
  bool required = true;
  PluginState state = PluginState::loaded;
  std::string failure;  // why state is failed, and the way out

  const calixo_plugin* entry = nullptr;
  calixo_host handle{};
  HostContext* context = nullptr;
  Registrations registrations;
  std::vector<std::string> tables;  // that its migrations create
  bool has_manifest = false;
  bool is_describing = false;                   // registrations are taken only now
  std::vector<std::string> missing_interfaces;  // ids that describe asked this host for in vain
  std::string database_role;                    // runtime role of its statements

  static PluginInstance& of(const calixo_host* host) {
    return *static_cast<PluginInstance*>(host->host_data);
  }
};

// What get_interface of a plugin's handle answers. [any-thread]
const void* host_interface(const calixo_host* host, const char* id);

// What to add to a failed describe's reason: the interfaces that it asked for in vain and does not
// name itself, and the way out; or an empty text.
std::string missing_interfaces_text(const PluginInstance& plugin, const std::string& reason);
// What plugins loaded from now on are given in its stead, for one that watches them. [startup]
using InterfaceSource = const void* (*)(const calixo_host* host, const char* id);
void set_interface_source(InterfaceSource source);
InterfaceSource interface_source();

// Tables behind the ids; each in a file of its own.
const void* registry_interface();
const void* exchange_interface();
const void* stream_interface();
const void* db_interface();
const void* config_interface();
const void* log_interface();
const void* runtime_interface();
const void* services_interface();
const void* extensions_interface();
const void* events_interface();
const void* jobs_interface();
const void* signals_interface();
const void* deferred_interface();
const void* deferred_rows_interface();
const void* principals_interface();
const void* http_client_interface();

}  // namespace calixo::host
