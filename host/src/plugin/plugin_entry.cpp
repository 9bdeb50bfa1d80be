#include "plugin/plugin_entry.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "plugin/exception_of.hpp"
#include "plugin/kept_library.hpp"
#include "plugin/library_file.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kErrorBytesMax = 512;

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

void open_entry(PluginInstance& plugin) {
  if (const std::string fault = library_file_fault(plugin.file); !fault.empty()) {
    throw PluginError(plugin.file + " " + fault);
  }
  boost::system::error_code failure;
  const boost::dll::shared_library* const library = open_for_good(plugin.file, failure);
  if (library == nullptr) {
    const char* words = ::dlerror();  // they name a missing symbol or library
    throw PluginError(plugin.file +
                      " can't be opened: " + (words != nullptr ? words : failure.message()) +
                      "; install what it names, or a build of the plugin for this machine");
  }
  if (!library->has(CALIXO_ENTRY_SYMBOL)) {
    throw PluginError(
        plugin.file +
        " exports no " CALIXO_ENTRY_SYMBOL
        "; it is no Calixo plugin, or was linked without the SDK's calixo_add_plugin");
  }
  const auto entry = library->get<const calixo_plugin*()>(CALIXO_ENTRY_SYMBOL);
  const std::string escaped = exception_of([&] { plugin.entry = entry(); });
  if (!escaped.empty()) throw PluginError(plugin.file + ": " + escaped);
  if (const std::string refusal = refusal_of(plugin.entry); !refusal.empty()) {
    throw PluginError(plugin.file + ": " + refusal);
  }
  plugin.name = plugin.entry->id;
  plugin.version = plugin.entry->version;
}

std::string call_step(PluginInstance& plugin, PluginStep step) {
  if (step == nullptr) return {};
  std::array<char, kErrorBytesMax> error{};
  calixo_status status = CALIXO_OK;
  std::string escaped =
      exception_of([&] { status = step(&plugin.handle, error.data(), error.size()); });
  if (!escaped.empty()) return escaped;
  if (status == CALIXO_OK) return {};
  error.back() = '\0';
  if (error.front() != '\0') return error.data();
  return "it answered status " + std::to_string(status) + " without a reason";
}

std::string take_registrations(PluginInstance& plugin, const std::function<std::string()>& run) {
  plugin.is_describing = true;
  std::string reason = run();
  plugin.is_describing = false;
  const auto& refusals = plugin.registrations.refusals;
  if (refusals.empty()) return reason;
  reason.clear();
  for (const std::string& refusal : refusals) reason += (reason.empty() ? "" : "; ") + refusal;
  return reason;
}

}  // namespace calixo::host
