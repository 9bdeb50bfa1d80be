// How interfaces take a registration: during describe only, a malformed one with its reason.
#pragma once

#include <string>
#include <string_view>

#include "plugin/plugin_instance.hpp"

namespace calixo::host {

// Runs `take` with the plugin's registrations; it answers why it refuses, or an empty text. `what`
// names the registration in the start's error. [startup]
template <class Take>
calixo_status registering(const calixo_host* host, std::string_view what, Take take) {
  PluginInstance& plugin = PluginInstance::of(host);
  if (!plugin.is_describing) return CALIXO_CONFLICT;
  const std::string refusal = take(plugin.registrations);
  if (refusal.empty()) return CALIXO_OK;
  plugin.registrations.refusals.push_back(std::string(what) + ": " + refusal);
  return CALIXO_INVALID;
}

}  // namespace calixo::host
