// calixo.services/1: a plugin finds only what it asked for, so that its needs are always declared.
#include <calixo/abi/services.h>

#include <algorithm>

#include "plugin/abi_text.hpp"
#include "plugin/plugin_instance.hpp"
#include "plugin/service_directory.hpp"

namespace calixo::host {
namespace {

const void* find(const calixo_host* host, calixo_str id) {
  if (host == nullptr) return nullptr;
  const PluginInstance& plugin = PluginInstance::of(host);
  const auto& needs = plugin.registrations.needs;
  const bool is_declared = std::any_of(
      needs.begin(), needs.end(), [&](const NeededService& need) { return need.id == view(id); });
  if (!is_declared || plugin.context->services == nullptr) return nullptr;
  const ServiceDirectory::Entry* entry = plugin.context->services->find(view(id));
  return entry == nullptr ? nullptr : entry->table;
}

}  // namespace

const void* services_interface() {
  static constexpr calixo_services_v1 kTable{&find};
  return &kTable;
}

}  // namespace calixo::host
