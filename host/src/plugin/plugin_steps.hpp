// The steps of a plugin's life as the server calls them: bounded in time, and named where they
// crash.
// [startup]
#pragma once

#include <chrono>
#include <string>

#include "plugin/plugin_entry.hpp"
#include "plugin/plugin_instance.hpp"

namespace calixo::host {

// plugins.step_limit_ms, or its default where there is no configuration yet.
std::chrono::milliseconds step_limit(const HostContext& context);

// Runs a step that may refuse; empty on success, else the plugin's reason.
std::string run_step(PluginInstance& plugin, const char* name, PluginStep step);

// A step that can't refuse, at the end: what goes wrong in it is told by the log.
void run_last_step(PluginInstance& plugin, const char* name, void (*step)(const calixo_host*));

}  // namespace calixo::host
