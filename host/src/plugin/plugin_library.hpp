// Opens plugin libraries and checks what they export. A library is never closed again.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugin/plugin_instance.hpp"

namespace calixo::host {

// A plugin that can't be used; what() says why and how to mend it.
class PluginError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The file of a plugin: NAME itself where it is a path, else lib*NAME.so in one of the folders
// (separated by ':'). Throws PluginError that names where it looked.
std::filesystem::path find_plugin_file(const std::string& name, const std::string& folders);

// What plugins.<id>.required calls a plugin whose own id is not known: the word of plugins.enabled,
// where that is a path its file's name without folder, "lib" and ".so".
std::string plugin_name_of(const std::string& enabled);
// Why a plugin that needs this ABI can't be used by this host; empty: it can.
std::string abi_refusal(unsigned major, unsigned minor);

// Opens the file, finds the entry symbol and checks magic, ABI and sizes. Throws PluginError.
std::unique_ptr<PluginInstance> open_plugin(const std::string& name,
                                            const std::filesystem::path& file,
                                            HostContext& context);

}  // namespace calixo::host
