#include "plugin/plugin_steps.hpp"

#include <algorithm>
#include <array>

#include "config/configuration.hpp"
#include "plugin/contained.hpp"
#include "runtime/step_watch.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kErrorBytesMax = 512;
constexpr std::chrono::milliseconds kStepLimitDefault{60'000};
constexpr std::chrono::milliseconds kLastStepLimit{4'000};  // the supervisor waits for 5 s a step

}  // namespace

std::chrono::milliseconds step_limit(const HostContext& context) {
  const Configuration* configuration = context.configuration;
  if (configuration == nullptr || configuration->find("plugins.step_limit_ms") == nullptr) {
    return kStepLimitDefault;
  }
  return std::chrono::milliseconds(configuration->get_int("plugins.step_limit_ms"));
}

std::string run_step(PluginInstance& plugin, const char* name, Step step) {
  if (step == nullptr) return {};
  const StepWatch watch(plugin.name + " " + name, step_limit(*plugin.context));
  std::array<char, kErrorBytesMax> error{};
  calixo_status status = CALIXO_OK;
  const std::string escaped =
      exception_of([&] { status = step(&plugin.handle, error.data(), error.size()); });
  if (!escaped.empty()) return escaped;
  if (status == CALIXO_OK) return {};
  error.back() = '\0';
  if (error.front() != '\0') return error.data();
  return "it answered status " + std::to_string(status) + " without a reason";
}

void run_last_step(PluginInstance& plugin, const char* name, void (*step)(const calixo_host*)) {
  if (step == nullptr) return;
  const std::string label = plugin.name + " " + name;
  const StepWatch watch(label, std::min(step_limit(*plugin.context), kLastStepLimit));
  call_contained(label, [&] { step(&plugin.handle); });
}

}  // namespace calixo::host
