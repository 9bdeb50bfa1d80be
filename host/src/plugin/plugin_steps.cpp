#include "plugin/plugin_steps.hpp"

#include <array>

namespace calixo::host {
namespace {

constexpr std::size_t kErrorBytesMax = 512;

}  // namespace

std::string run_step(PluginInstance& plugin, PluginStep step) {
  if (step == nullptr) return {};
  std::array<char, kErrorBytesMax> error{};
  const calixo_status status = step(&plugin.handle, error.data(), error.size());
  if (status == CALIXO_OK) return {};
  error.back() = '\0';
  if (error.front() != '\0') return error.data();
  return "it answered status " + std::to_string(status) + " without a reason";
}

std::string describe_plugin(PluginInstance& plugin) {
  plugin.is_describing = true;
  std::string reason = run_step(plugin, plugin.entry->describe);
  plugin.is_describing = false;
  const auto& refusals = plugin.registrations.refusals;
  if (refusals.empty()) return reason;
  reason.clear();
  for (const std::string& refusal : refusals) reason += (reason.empty() ? "" : "; ") + refusal;
  return reason;
}

}  // namespace calixo::host
