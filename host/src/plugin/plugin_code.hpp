// Where a plugin's code lies in memory, for the report of a crash.
#pragma once

#include "plugin/plugin_instance.hpp"

namespace calixo::host {

// Tells crash_report which addresses are this open plugin's, under its name in plugins.enabled.
// [startup]
void tell_code_of(const PluginInstance& plugin);

}  // namespace calixo::host
