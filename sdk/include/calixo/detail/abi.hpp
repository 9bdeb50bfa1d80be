// The C ABI as the layer uses it: views both ways, and the host's interfaces by name.
// [any-thread]
#pragma once

#include <calixo/abi/config.h>
#include <calixo/abi/db.h>
#include <calixo/abi/events.h>
#include <calixo/abi/exchange.h>
#include <calixo/abi/extensions.h>
#include <calixo/abi/jobs.h>
#include <calixo/abi/log.h>
#include <calixo/abi/plugin.h>
#include <calixo/abi/registry.h>
#include <calixo/abi/runtime.h>
#include <calixo/abi/services.h>
#include <calixo/abi/stream.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace calixo::detail {

inline std::string_view view(calixo_str text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}
inline calixo_str to_abi(std::string_view text) { return {text.data(), text.size()}; }

// What one plugin holds of its host. Null members are interfaces this host has none of.
struct Host {
  const calixo_host* handle = nullptr;
  const calixo_registry_v1* registry = nullptr;
  const calixo_exchange_v1* exchange = nullptr;
  const calixo_db_v1* db = nullptr;
  const calixo_runtime_v1* runtime = nullptr;
  const calixo_log_v1* log = nullptr;
  const calixo_config_v1* config = nullptr;
  const calixo_stream_v1* stream = nullptr;
  const calixo_services_v1* services = nullptr;
  const calixo_extensions_v1* extensions = nullptr;
  const calixo_events_v1* events = nullptr;
  const calixo_jobs_v1* jobs = nullptr;
};

template <class Interface>
void find_interface(const calixo_host* handle, const char* id, const Interface*& into) {
  into = static_cast<const Interface*>(handle->get_interface(handle, id));
  if (into == nullptr) {
    throw std::runtime_error("the host has no interface " + std::string(id) +
                             ": upgrade the host, or use a build of this plugin made for it");
  }
}

// Asks for every interface of this revision. Throws std::runtime_error naming the first missing
// one. [startup]
inline Host connect(const calixo_host* handle) {
  Host host;
  host.handle = handle;
  find_interface(handle, CALIXO_REGISTRY_ID, host.registry);
  find_interface(handle, CALIXO_EXCHANGE_ID, host.exchange);
  find_interface(handle, CALIXO_DB_ID, host.db);
  find_interface(handle, CALIXO_RUNTIME_ID, host.runtime);
  find_interface(handle, CALIXO_LOG_ID, host.log);
  find_interface(handle, CALIXO_CONFIG_ID, host.config);
  find_interface(handle, CALIXO_STREAM_ID, host.stream);
  find_interface(handle, CALIXO_SERVICES_ID, host.services);
  find_interface(handle, CALIXO_EXTENSIONS_ID, host.extensions);
  find_interface(handle, CALIXO_EVENTS_ID, host.events);
  find_interface(handle, CALIXO_JOBS_ID, host.jobs);
  return host;
}

}  // namespace calixo::detail
