// calixo.log/1 over the process's log: each event bears the plugin that wrote it.
#include <calixo/abi/log.h>

#include <vector>

#include "log/log.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/plugin_instance.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kFieldsMax = 32;
constexpr std::size_t kNoticesMax = 100;

log::Level to_level(std::uint32_t level) {
  return level >= CALIXO_LOG_ERROR ? log::Level::error : static_cast<log::Level>(level);
}

std::int32_t is_enabled(const calixo_host*, std::uint32_t level) {
  return log::is_enabled(to_level(level)) ? 1 : 0;
}

void write(const calixo_host* host, std::uint32_t level, calixo_str event,
           const calixo_field* fields, size_t count) {
  if (host == nullptr || !log::is_enabled(to_level(level))) return;
  const std::size_t taken = fields == nullptr ? 0 : std::min(count, kFieldsMax);
  std::vector<log::Field> all;
  all.reserve(taken + 1);
  all.emplace_back("plugin", PluginInstance::of(host).name);
  for (std::size_t i = 0; i < taken; ++i) {
    all.emplace_back(view(fields[i].name), view(fields[i].value));
  }
  log::write(to_level(level), view(event), all);
}

void notice(const calixo_host* host, calixo_str line) {
  if (host == nullptr) return;
  auto& notices = PluginInstance::of(host).context->notices;
  if (notices.size() < kNoticesMax) notices.push_back(copy(line));
}

}  // namespace

const void* log_interface() {
  static constexpr calixo_log_v1 kTable{&is_enabled, &write, &notice};
  return &kTable;
}

}  // namespace calixo::host
