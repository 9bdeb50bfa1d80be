// The steps of a plugin's life as calls into its code: bounded in time, named where they crash, and
// no exception leaves one.
// [startup]
#pragma once

#include <calixo/abi/plugin.h>

#include <chrono>
#include <string>

#include "plugin/plugin_instance.hpp"

namespace calixo::host {

// plugins.step_limit_ms, or its default where there is no configuration yet.
std::chrono::milliseconds step_limit(const HostContext& context);

using Step = calixo_status (*)(const calixo_host*, char*, std::size_t);
// Runs a step that may refuse; empty on success, else the plugin's reason.
std::string run_step(PluginInstance& plugin, const char* name, Step step);

// A step that can't refuse, at the end: what goes wrong in it is told by the log.
void run_last_step(PluginInstance& plugin, const char* name, void (*step)(const calixo_host*));

}  // namespace calixo::host
