// The steps of one plugin's life, as the host calls them.
#pragma once

#include <string>

#include "plugin/plugin_instance.hpp"

namespace calixo::host {

using PluginStep = calixo_status (*)(const calixo_host*, char*, std::size_t);

// Runs one step; empty on success, else the plugin's reason. nullptr is a step that succeeds.
std::string run_step(PluginInstance& plugin, PluginStep step);

// Takes the plugin's registrations; empty on success, else why they, or it, refused. [startup]
std::string describe_plugin(PluginInstance& plugin);

}  // namespace calixo::host
