#include "plugin/plugin_code.hpp"

#include <dlfcn.h>
#include <link.h>

#include "runtime/crash_report.hpp"

namespace calixo::host {
namespace {

struct Wanted {
  const char* base;  // where the library is mapped
  const std::string& name;
};

int visit(dl_phdr_info* info, std::size_t, void* argument) {
  const auto& wanted = *static_cast<const Wanted*>(argument);
  bool is_it = false;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = info->dlpi_phdr[i];
    const char* const begin = reinterpret_cast<const char*>(info->dlpi_addr + part.p_vaddr);
    if (part.p_type == PT_LOAD && begin == wanted.base) is_it = true;
    if (!is_it || part.p_type != PT_LOAD || (part.p_flags & PF_X) == 0) continue;
    crash_report::add_code(wanted.name, begin, begin + part.p_memsz);
  }
  return is_it ? 1 : 0;
}

}  // namespace

void tell_code_of(const PluginInstance& plugin) {
  Dl_info info{};
  if (::dladdr(plugin.entry, &info) == 0 || info.dli_fbase == nullptr) return;
  const Wanted wanted{static_cast<const char*>(info.dli_fbase), plugin.enabled_as};
  ::dl_iterate_phdr(&visit, const_cast<Wanted*>(&wanted));
}

}  // namespace calixo::host
