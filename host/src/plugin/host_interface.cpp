// The host as a plugin asks for it: interfaces by id.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <calixo/abi/config.h>
#include <calixo/abi/db.h>
#include <calixo/abi/deferred.h>
#include <calixo/abi/deferred_rows.h>
#include <calixo/abi/events.h>
#include <calixo/abi/exchange.h>
#include <calixo/abi/extensions.h>
#include <calixo/abi/http_client.h>
#include <calixo/abi/jobs.h>
#include <calixo/abi/log.h>
#include <calixo/abi/principals.h>
#include <calixo/abi/registry.h>
#include <calixo/abi/runtime.h>
#include <calixo/abi/services.h>
#include <calixo/abi/signals.h>
#include <calixo/abi/stream.h>

#include "plugin/plugin_instance.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kMissingMax = 8;
constexpr std::size_t kIdBytesMax = 100;

// What describe asks for in vain, its failure tells.
void note_missing(PluginInstance& plugin, const char* id) {
  if (!plugin.is_describing || plugin.missing_interfaces.size() >= kMissingMax) return;
  std::string name(id, ::strnlen(id, kIdBytesMax));
  auto& all = plugin.missing_interfaces;
  if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(std::move(name));
}

}  // namespace

const void* host_interface(const calixo_host* host, const char* id) {
  using Getter = const void* (*)();
  static constexpr std::array<std::pair<const char*, Getter>, 16> kInterfaces{{
      {CALIXO_EXCHANGE_ID, &exchange_interface},
      {CALIXO_DB_ID, &db_interface},
      {CALIXO_DEFERRED_ID, &deferred_interface},
      {CALIXO_DEFERRED_ROWS_ID, &deferred_rows_interface},
      {CALIXO_CONFIG_ID, &config_interface},
      {CALIXO_LOG_ID, &log_interface},
      {CALIXO_RUNTIME_ID, &runtime_interface},
      {CALIXO_STREAM_ID, &stream_interface},
      {CALIXO_SERVICES_ID, &services_interface},
      {CALIXO_EXTENSIONS_ID, &extensions_interface},
      {CALIXO_EVENTS_ID, &events_interface},
      {CALIXO_JOBS_ID, &jobs_interface},
      {CALIXO_SIGNALS_ID, &signals_interface},
      {CALIXO_PRINCIPALS_ID, &principals_interface},
      {CALIXO_HTTP_CLIENT_ID, &http_client_interface},
      {CALIXO_REGISTRY_ID, &registry_interface},
  }};
  if (id == nullptr) return nullptr;
  for (const auto& [known, getter] : kInterfaces) {
    if (std::strcmp(known, id) == 0) return getter();
  }
  if (host != nullptr) note_missing(PluginInstance::of(host), id);
  return nullptr;
}

std::string missing_interfaces_text(const PluginInstance& plugin, const std::string& reason) {
  std::string ids;
  for (const std::string& id : plugin.missing_interfaces) {
    if (reason.find(id) == std::string::npos) ids += (ids.empty() ? "" : ", ") + id;
  }
  if (ids.empty()) return {};
  return "; this server, of plugin ABI " + std::to_string(CALIXO_ABI_MAJOR) + "." +
         std::to_string(CALIXO_ABI_MINOR) + ", has no " + ids +
         ": upgrade the server, or install a build of the plugin for this one";
}

std::string_view to_text(PluginState state) {
  switch (state) {
    case PluginState::loaded:
      return "loaded";
    case PluginState::described:
      return "described";
    case PluginState::configured:
      return "configured";
    case PluginState::started:
      return "started";
    case PluginState::stopped:
      return "stopped";
    case PluginState::failed:
      return "failed";
  }
  return "unknown";
}

}  // namespace calixo::host
