// Finds plugin libraries and opens them. A library is never closed again.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "plugin/plugin_entry.hpp"

namespace calixo::host {

// The file of a plugin: NAME itself where it is a path, else lib*NAME.so in one of the folders
// (separated by ':'). Throws PluginError that names where it looked.
std::filesystem::path find_plugin_file(const std::string& name, const std::string& folders);

// What plugins.<id>.required calls a plugin whose own id is not known: the word of plugins.enabled,
// where that is a path its file's name without folder, "lib" and ".so".
std::string plugin_name_of(const std::string& enabled);

// Opens the file, finds the entry symbol and checks magic, ABI and sizes. Throws PluginError.
std::unique_ptr<PluginInstance> open_plugin(const std::string& name,
                                            const std::filesystem::path& file,
                                            HostContext& context);

}  // namespace calixo::host
