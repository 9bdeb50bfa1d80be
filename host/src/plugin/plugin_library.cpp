#include "plugin/plugin_library.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <system_error>

#include "db/migrator.hpp"
#include "plugin/contained.hpp"
#include "plugin/kept_library.hpp"
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

bool is_file(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored);
}

std::string abi_text(unsigned major, unsigned minor) {
  return std::to_string(major) + "." + std::to_string(minor);
}

bool is_plain(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_');
  });
}

// Why this entry can't be used by this host; empty: it can.
std::string refusal_of(const calixo_plugin* entry) {
  if (entry == nullptr) return "its entry function returned nothing; rebuild it with the SDK";
  if (entry->magic != CALIXO_ABI_MAGIC) {
    return "its entry does not begin with Calixo's magic number; it is no Calixo plugin";
  }
  const std::string needed = abi_text(entry->abi_major, entry->abi_minor);
  const std::string offered = abi_text(CALIXO_ABI_MAJOR, CALIXO_ABI_MINOR);
  if (entry->abi_major != CALIXO_ABI_MAJOR) {
    return "it is built for plugin ABI " + needed + ", this server speaks " + offered +
           "; install a build of the plugin for that version";
  }
  if (entry->abi_minor > CALIXO_ABI_MINOR) {
    return "it needs plugin ABI " + needed + ", this server offers " + offered +
           "; upgrade the server";
  }
  if (entry->struct_size < sizeof(calixo_plugin)) {
    return "its entry is " + std::to_string(entry->struct_size) + " bytes, at least " +
           std::to_string(sizeof(calixo_plugin)) + " are needed; rebuild it with the SDK";
  }
  if (entry->id == nullptr || entry->version == nullptr || entry->describe == nullptr) {
    return "its entry lacks an id, a version or describe; rebuild it with the SDK";
  }
  if (!is_plain(entry->id)) {
    return "its id is not made of letters, digits, '.', '-' and '_', 64 at most; rebuild it with "
           "another";
  }
  return {};
}

}  // namespace

std::filesystem::path find_plugin_file(const std::string& name, const std::string& folders) {
  if (name.find('/') != std::string::npos) {
    if (is_file(name)) return name;
    throw PluginError("plugin file " + name + " does not exist; correct plugins.enabled");
  }
  for (const std::string& folder : folders_of(folders)) {
    for (const char* prefix : {"libcalixo_", "lib", ""}) {
      std::filesystem::path file = std::filesystem::path(folder) / (prefix + name + ".so");
      if (is_file(file)) return file;
    }
  }
  throw PluginError("plugin " + name + " was not found: no libcalixo_" + name + ".so, lib" + name +
                    ".so or " + name + ".so in " +
                    (folders.empty() ? "(plugins.path is empty)" : folders) +
                    "; correct plugins.enabled or plugins.path");
}

std::unique_ptr<PluginInstance> open_plugin(const std::string& name,
                                            const std::filesystem::path& file,
                                            HostContext& context) {
  auto plugin = std::make_unique<PluginInstance>();
  plugin->name = plugin->enabled_as = name;
  plugin->file = file.string();
  plugin->context = &context;
  plugin->handle = {&host_interface, plugin.get()};

  const StepWatch watch(name + " load", step_limit(context));
  boost::system::error_code failure;
  const boost::dll::shared_library* const library = open_for_good(plugin->file, failure);
  if (library == nullptr) {
    throw PluginError("plugin " + name + ": " + plugin->file +
                      " can't be opened: " + failure.message());
  }
  if (!library->has(CALIXO_ENTRY_SYMBOL)) {
    throw PluginError(
        "plugin " + name + ": " + plugin->file +
        " exports no " CALIXO_ENTRY_SYMBOL
        "; it is no Calixo plugin, or was linked without the SDK's calixo_add_plugin");
  }
  const auto entry = library->get<const calixo_plugin*()>(CALIXO_ENTRY_SYMBOL);
  const std::string escaped = exception_of([&] { plugin->entry = entry(); });
  if (!escaped.empty()) throw PluginError("plugin " + name + ": " + plugin->file + ": " + escaped);
  if (const std::string refusal = refusal_of(plugin->entry); !refusal.empty()) {
    throw PluginError("plugin " + name + ": " + plugin->file + ": " + refusal);
  }
  tell_code_of(*plugin);
  plugin->name = plugin->entry->id;
  plugin->version = plugin->entry->version;
  plugin->database_role = runtime_role(plugin->name);
  return plugin;
}

}  // namespace calixo::host
