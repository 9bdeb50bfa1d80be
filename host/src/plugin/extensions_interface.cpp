// calixo.extensions/1: points that many plugins extend and one uses.
#include <calixo/abi/extensions.h>

#include "plugin/abi_text.hpp"
#include "plugin/extension_directory.hpp"
#include "plugin/registering.hpp"

namespace calixo::host {
namespace {

calixo_status define(const calixo_host* host, calixo_str point) {
  return registering(host, "extension point " + copy(point),
                     [&](Registrations& all) -> std::string {
                       if (view(point).empty()) return "it has no id";
                       all.points.push_back(copy(point));
                       return {};
                     });
}

calixo_status extend(const calixo_host* host, calixo_str point, calixo_str name, const void* table,
                     calixo_str details_json) {
  const std::string what = "extension " + copy(name) + " of " + copy(point);
  return registering(host, what, [&](Registrations& all) -> std::string {
    if (view(point).empty() || view(name).empty()) return "point and name may not be empty";
    if (table == nullptr) return "its table is NULL";
    all.extensions.push_back({copy(point), copy(name), copy(details_json), table});
    return {};
  });
}

calixo_status each(const calixo_host* host, calixo_str point,
                   void (*visit)(void* sink, const calixo_extension* extension), void* sink) {
  if (host == nullptr || visit == nullptr) return CALIXO_INVALID;
  const PluginInstance& plugin = PluginInstance::of(host);
  if (plugin.context->extensions == nullptr) return CALIXO_UNAVAILABLE;
  const std::string* owner = plugin.context->extensions->owner_of(view(point));
  if (owner == nullptr || *owner != plugin.name) return CALIXO_DENIED;
  for (const auto& [name, extension] : *plugin.context->extensions->extensions_of(view(point))) {
    const calixo_extension told{sizeof(calixo_extension), to_abi(extension.plugin),
                                to_abi(extension.name), to_abi(extension.details_json),
                                extension.table};
    visit(sink, &told);
  }
  return CALIXO_OK;
}

}  // namespace

const void* extensions_interface() {
  static constexpr calixo_extensions_v1 kTable{&define, &extend, &each};
  return &kTable;
}

}  // namespace calixo::host
