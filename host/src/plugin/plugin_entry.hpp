// A plugin's library from its file to its entry, and calls of its steps: what the server and
// calixo-manifest have in common. Nothing of the event loops is needed.
// [startup]
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "plugin/plugin_instance.hpp"

namespace calixo::host {

// what() names the file, the cause and the way out.
class PluginError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Why a plugin that needs this ABI can't be used by this host; empty: it can.
std::string abi_refusal(unsigned major, unsigned minor);

// Opens plugin.file for good, finds the entry symbol and checks magic, ABI and sizes; sets entry,
// name and version. Throws PluginError.
void open_entry(PluginInstance& plugin);

using PluginStep = calixo_status (*)(const calixo_host*, char*, std::size_t);

// Runs one step; empty on success, else the plugin's reason. nullptr is a step that succeeds.
std::string call_step(PluginInstance& plugin, PluginStep step);

// Takes registrations while run() calls describe; empty on success, else why they, or it, refused.
std::string take_registrations(PluginInstance& plugin, const std::function<std::string()>& run);

}  // namespace calixo::host
