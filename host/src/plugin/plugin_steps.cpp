#include "plugin/plugin_steps.hpp"

#include <algorithm>

#include "config/configuration.hpp"
#include "plugin/contained.hpp"
#include "runtime/step_watch.hpp"

namespace calixo::host {
namespace {

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

std::string run_step(PluginInstance& plugin, const char* name, PluginStep step) {
  const StepWatch watch(plugin.name + " " + name, step_limit(*plugin.context));
  return call_step(plugin, step);
}

void run_last_step(PluginInstance& plugin, const char* name, void (*step)(const calixo_host*)) {
  if (step == nullptr) return;
  const std::string label = plugin.name + " " + name;
  const StepWatch watch(label, std::min(step_limit(*plugin.context), kLastStepLimit));
  call_contained(label, [&] { step(&plugin.handle); });
}

}  // namespace calixo::host
