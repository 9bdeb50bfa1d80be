// Plugins' subscriptions, jobs and signals as the dispatcher takes them. [startup]
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "events/ear.hpp"
#include "events/work.hpp"
#include "plugin/plugin_instance.hpp"

namespace calixo::host {

// Of the plugins that have not failed; each keeps a reference to its registration.
std::vector<WorkKind> subscriptions_of(const std::vector<std::unique_ptr<PluginInstance>>& plugins,
                                       const WorkOptions& options);
std::vector<WorkKind> jobs_of(const std::vector<std::unique_ptr<PluginInstance>>& plugins,
                              const WorkOptions& options);

std::vector<EarKind> ears_of(const std::vector<std::unique_ptr<PluginInstance>>& plugins);

// "signal:<plugin>/<name>", as NOTIFY carries it: no topic and no job is called so.
std::string signal_name(const PluginInstance& plugin, const RegisteredSignal& signal);

// "<plugin>/<name>", as the tables have it.
std::string work_name(const PluginInstance& plugin, std::string_view name);

// Why this plugin can't have its topics: one before it declares the same; empty: it can.
std::string topic_conflict(const std::vector<std::unique_ptr<PluginInstance>>& plugins,
                           const PluginInstance& plugin);

}  // namespace calixo::host
