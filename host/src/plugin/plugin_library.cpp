#include "plugin/plugin_library.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <cstring>
#include <string_view>
#include <system_error>

#include "db/migrator.hpp"
#include "plugin/library_file.hpp"

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

std::string abi_text(unsigned major, unsigned minor) {
  return std::to_string(major) + "." + std::to_string(minor);
}

constexpr std::size_t kWordBytesMax = 100;  // of id and version, as plugin.h says

template <class IsGood>
bool is_word(const char* text, IsGood is_good) {
  const std::string_view word(text, ::strnlen(text, kWordBytesMax + 1));
  return !word.empty() && word.size() <= kWordBytesMax &&
         std::all_of(word.begin(), word.end(), is_good);
}

bool is_valid_id(const char* id) {
  return is_word(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  });
}

bool is_valid_version(const char* version) {
  return is_word(version, [](char c) { return c > ' ' && c < 0x7f; });
}

// Why this entry can't be used by this host; empty: it can.
std::string refusal_of(const calixo_plugin* entry) {
  if (entry == nullptr) return "its entry function returned nothing; rebuild it with the SDK";
  if (entry->magic != CALIXO_ABI_MAGIC) {
    return "its entry does not begin with Calixo's magic number; it is no Calixo plugin, take it "
           "out of plugins.enabled";
  }
  if (std::string refusal = abi_refusal(entry->abi_major, entry->abi_minor); !refusal.empty()) {
    return refusal;
  }
  if (entry->struct_size < sizeof(calixo_plugin)) {
    return "its entry is " + std::to_string(entry->struct_size) + " bytes, at least " +
           std::to_string(sizeof(calixo_plugin)) + " are needed; rebuild it with the SDK";
  }
  if (entry->id == nullptr || entry->version == nullptr || entry->describe == nullptr) {
    return "its entry lacks an id, a version or describe; rebuild it with the SDK";
  }
  if (!is_valid_id(entry->id)) {
    return "its id is not 1 to 100 of a-z, 0-9, '_', '-' and '.'; correct it and rebuild the "
           "plugin";
  }
  if (!is_valid_version(entry->version)) {
    return "its version is not 1 to 100 printable characters; correct it and rebuild the plugin";
  }
  return {};
}

// Throws PluginError with the loader's own words, which name a missing symbol or library.
void open_library(PluginInstance& plugin) {
  if (const std::string fault = library_file_fault(plugin.file); !fault.empty()) {
    throw PluginError(plugin.file + " " + fault);
  }
  namespace dll = boost::dll;
  boost::system::error_code failure;
  // rtld_now | rtld_local: a missing symbol shows here, not in the middle of a request. Nodelete:
  // whatever becomes of the plugin, its code stays mapped.
  plugin.library.load(plugin.file, failure,
                      dll::load_mode::rtld_now | dll::load_mode::rtld_local |
                          static_cast<dll::load_mode::type>(RTLD_NODELETE));
  if (!failure) return;
  const char* words = ::dlerror();
  throw PluginError(plugin.file +
                    " can't be opened: " + (words != nullptr ? words : failure.message()) +
                    "; install what it names, or a build of the plugin for this machine");
}

}  // namespace

std::string abi_refusal(unsigned major, unsigned minor) {
  const std::string needed = abi_text(major, minor);
  const std::string offered = abi_text(CALIXO_ABI_MAJOR, CALIXO_ABI_MINOR);
  if (major != CALIXO_ABI_MAJOR) {
    return "it is built for plugin ABI " + needed + ", this server speaks " + offered +
           "; install a build of the plugin for that version";
  }
  if (minor > CALIXO_ABI_MINOR) {
    return "it needs plugin ABI " + needed + ", this server offers " + offered +
           "; upgrade the server";
  }
  return {};
}

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
  plugin->name = name;
  plugin->file = file.string();
  plugin->context = &context;
  plugin->handle = {interface_source(), plugin.get()};

  open_library(*plugin);
  if (!plugin->library.has(CALIXO_ENTRY_SYMBOL)) {
    throw PluginError(
        plugin->file +
        " exports no " CALIXO_ENTRY_SYMBOL
        "; it is no Calixo plugin, or was linked without the SDK's calixo_add_plugin");
  }
  const auto entry = plugin->library.get<const calixo_plugin*()>(CALIXO_ENTRY_SYMBOL);
  plugin->entry = entry();
  if (const std::string refusal = refusal_of(plugin->entry); !refusal.empty()) {
    throw PluginError(plugin->file + ": " + refusal);
  }
  plugin->name = plugin->entry->id;
  plugin->version = plugin->entry->version;
  plugin->database_role = runtime_role(plugin->name);
  return plugin;
}

}  // namespace calixo::host
