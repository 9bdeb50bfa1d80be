// What the rooms count, as Prometheus' families.
#pragma once

#include <vector>

#include "app/left_out.hpp"
#include "log/metrics.hpp"

namespace calixo::host {

class HttpServer;
class Database;
class EventLoop;
class PluginManager;

std::vector<MetricFamilyData> http_metrics(const HttpServer& server);
std::vector<MetricFamilyData> database_metrics(const Database& database);
std::vector<MetricFamilyData> loop_metrics(const std::vector<EventLoop*>& loops);
std::vector<MetricFamilyData> plugin_metrics(const PluginManager& plugins,
                                             const PluginHistory& history);
std::vector<MetricFamilyData> log_metrics();

}  // namespace calixo::host
