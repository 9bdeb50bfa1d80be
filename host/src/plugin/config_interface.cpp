// calixo.config/1 over the Configuration.
#include <calixo/abi/config.h>

#include <algorithm>

#include "config/configuration.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/plugin_instance.hpp"

namespace calixo::host {
namespace {

// Calls read(configuration, name) where the key exists with that type and is not another's secret.
template <class Read>
calixo_status reading(const calixo_host* host, calixo_str name, KeyType type, const void* into,
                      Read read) {
  if (host == nullptr || into == nullptr) return CALIXO_INVALID;
  const PluginInstance& plugin = PluginInstance::of(host);
  const Configuration* configuration = plugin.context->configuration;
  if (configuration == nullptr) return CALIXO_UNAVAILABLE;
  const Key* key = configuration->find(view(name));
  if (key == nullptr) return CALIXO_NOT_FOUND;
  if (key->type != type) return CALIXO_INVALID;
  if (key->secret && key->owner != plugin.name) return CALIXO_DENIED;
  read(*configuration, key->name);
  return CALIXO_OK;
}

calixo_status get_bool(const calixo_host* host, calixo_str name, std::int32_t* value) {
  return reading(
      host, name, KeyType::boolean, value,
      [&](const Configuration& from, const auto& key) { *value = from.get_bool(key) ? 1 : 0; });
}
calixo_status get_int(const calixo_host* host, calixo_str name, std::int64_t* value) {
  return reading(host, name, KeyType::integer, value,
                 [&](const Configuration& from, const auto& key) { *value = from.get_int(key); });
}
calixo_status get_real(const calixo_host* host, calixo_str name, double* value) {
  return reading(host, name, KeyType::real, value,
                 [&](const Configuration& from, const auto& key) { *value = from.get_real(key); });
}
calixo_status get_text(const calixo_host* host, calixo_str name, char* buffer, size_t capacity,
                       size_t* size) {
  if (buffer == nullptr && capacity > 0) return CALIXO_INVALID;
  return reading(host, name, KeyType::text, size, [&](const Configuration& from, const auto& key) {
    const std::string text = from.get_text(key);
    *size = text.size();
    std::copy_n(text.data(), std::min(capacity, text.size()), buffer);
  });
}

}  // namespace

const void* config_interface() {
  static constexpr calixo_config_v1 kTable{&get_bool, &get_int, &get_real, &get_text};
  return &kTable;
}

}  // namespace calixo::host
