// The host as a plugin asks for it: interfaces by id.
#include <array>
#include <cstring>
#include <utility>

#include <calixo/abi/config.h>
#include <calixo/abi/db.h>
#include <calixo/abi/exchange.h>
#include <calixo/abi/extensions.h>
#include <calixo/abi/log.h>
#include <calixo/abi/registry.h>
#include <calixo/abi/runtime.h>
#include <calixo/abi/service.h>
#include <calixo/abi/stream.h>

#include "plugin/plugin_instance.hpp"

namespace calixo::host {
namespace {

InterfaceSource present_source = &host_interface;

}  // namespace

void set_interface_source(InterfaceSource source) { present_source = source; }
InterfaceSource interface_source() { return present_source; }

const void* host_interface(const calixo_host*, const char* id) {
  using Getter = const void* (*)();
  static constexpr std::array<std::pair<const char*, Getter>, 9> kInterfaces{{
      {CALIXO_EXCHANGE_ID, &exchange_interface},
      {CALIXO_DB_ID, &db_interface},
      {CALIXO_CONFIG_ID, &config_interface},
      {CALIXO_LOG_ID, &log_interface},
      {CALIXO_RUNTIME_ID, &runtime_interface},
      {CALIXO_STREAM_ID, &stream_interface},
      {CALIXO_SERVICES_ID, &services_interface},
      {CALIXO_EXTENSIONS_ID, &extensions_interface},
      {CALIXO_REGISTRY_ID, &registry_interface},
  }};
  if (id == nullptr) return nullptr;
  for (const auto& [known, getter] : kInterfaces) {
    if (std::strcmp(known, id) == 0) return getter();
  }
  return nullptr;
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
