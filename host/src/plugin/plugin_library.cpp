#include "plugin/plugin_library.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <vector>

#include "db/migrator.hpp"
#include "plugin/plugin_code.hpp"
#include "plugin/plugin_steps.hpp"
#include "runtime/step_watch.hpp"

namespace calixo::host {
namespace {

std::vector<std::string> folders_of(const std::string& path) {
  std::vector<std::string> folders;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    if (end > begin) folders.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return folders;
}

// Of any kind, a link to nothing as well: what is wrong with it, opening it tells.
bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

}  // namespace

std::filesystem::path find_plugin_file(const std::string& name, const std::string& folders) {
  if (name.find('/') != std::string::npos) {
    if (is_there(name)) return name;
    throw PluginError("file " + name + " does not exist; correct plugins.enabled");
  }
  for (const std::string& folder : folders_of(folders)) {
    for (const char* prefix : {"libcalixo_", "lib", ""}) {
      std::filesystem::path file = std::filesystem::path(folder) / (prefix + name + ".so");
      if (is_there(file)) return file;
    }
  }
  throw PluginError("it was not found: no libcalixo_" + name + ".so, lib" + name + ".so or " +
                    name + ".so in " + (folders.empty() ? "(plugins.path is empty)" : folders) +
                    "; correct plugins.enabled or plugins.path");
}

std::string plugin_name_of(const std::string& enabled) {
  if (enabled.find('/') == std::string::npos) return enabled;
  const std::string name = std::filesystem::path(enabled).stem().string();
  for (const std::string_view prefix : {"libcalixo_", "lib"}) {
    if (name.starts_with(prefix) && name.size() > prefix.size()) return name.substr(prefix.size());
  }
  return name.empty() ? enabled : name;
}

std::unique_ptr<PluginInstance> open_plugin(const std::string& name,
                                            const std::filesystem::path& file,
                                            HostContext& context) {
  auto plugin = std::make_unique<PluginInstance>();
  plugin->name = plugin->enabled_as = name;
  plugin->file = file.string();
  plugin->context = &context;
  plugin->handle = {interface_source(), plugin.get()};
  const StepWatch watch(name + " load", step_limit(context));
  open_entry(*plugin);
  tell_code_of(*plugin);
  plugin->database_role = runtime_role(plugin->name);
  return plugin;
}

}  // namespace calixo::host
