#include "app/metric_sources.hpp"

#include <string>

#include "db/database.hpp"
#include "http/server.hpp"
#include "log/log.hpp"
#include "plugin/plugin_manager.hpp"
#include "runtime/event_loop.hpp"

namespace calixo::host {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

MetricSample sample(double value, Labels labels = {}) {
  MetricSample made;
  made.labels = std::move(labels);
  made.value = value;
  return made;
}

MetricFamilyData family(std::string name, std::string help, MetricType type,
                        std::vector<MetricSample> samples = {}) {
  return {std::move(name), std::move(help), type, std::move(samples)};
}

MetricFamilyData single(std::string name, std::string help, MetricType type, double value) {
  return family(std::move(name), std::move(help), type, {sample(value)});
}

Labels route_labels(const Route& route) {
  return {{"plugin", route.owner}, {"method", route.method}, {"route", route.path}};
}

// Requests that never reached a route, by what stopped them.
MetricFamilyData refused_requests(const HttpServer::Stats& stats) {
  const auto counted = [](std::uint64_t count, const char* reason) {
    return sample(static_cast<double>(count), {{"reason", reason}});
  };
  return family(
      "calixo_http_refused_total", "Requests refused by a limit or for their form.",
      MetricType::counter,
      {counted(stats.refused_head_too_large, "head_too_large"),
       counted(stats.refused_body_too_large, "body_too_large"),
       counted(stats.refused_malformed, "malformed"), counted(stats.refused_overload, "overload"),
       counted(stats.timed_out_header, "header_timeout"),
       counted(stats.timed_out_body, "body_timeout"), counted(stats.timed_out_request, "deadline"),
       counted(stats.timed_out_write, "write_timeout"), counted(stats.not_found, "not_found")});
}

MetricSample latency_sample(const HttpServer::RouteStats& route) {
  MetricSample made;
  made.labels = route_labels(*route.route);
  made.bounds = HttpServer::latency_bounds_s();
  made.counts = route.latency_buckets;
  made.sum = route.latency_sum_s;
  return made;
}

void append_route_families(std::vector<MetricFamilyData>& all, const HttpServer::Stats& stats) {
  auto requests = family("calixo_http_requests_total", "Answers sent, by route and status class.",
                         MetricType::counter);
  auto latency = family("calixo_http_request_duration_seconds",
                        "From the end of the head to the answer.", MetricType::histogram);
  auto in_flight =
      family("calixo_http_route_in_flight", "Requests being handled, by route.", MetricType::gauge);
  for (const HttpServer::RouteStats& route : stats.routes) {
    for (int status_class = 1; status_class < 6; ++status_class) {
      if (route.by_status_class[status_class] == 0) continue;
      Labels labels = route_labels(*route.route);
      labels.emplace_back("status", std::to_string(status_class) + "xx");
      requests.samples.push_back(
          sample(static_cast<double>(route.by_status_class[status_class]), std::move(labels)));
    }
    latency.samples.push_back(latency_sample(route));
    in_flight.samples.push_back(
        sample(static_cast<double>(route.in_flight), route_labels(*route.route)));
  }
  all.push_back(std::move(requests));
  all.push_back(std::move(latency));
  all.push_back(std::move(in_flight));
}

}  // namespace

std::vector<MetricFamilyData> http_metrics(const HttpServer& server) {
  const HttpServer::Stats stats = server.stats();
  std::vector<MetricFamilyData> all{
      single("calixo_http_connections", "Open connections.", MetricType::gauge,
             static_cast<double>(stats.connections)),
      single("calixo_http_connections_accepted_total", "Connections accepted.", MetricType::counter,
             static_cast<double>(stats.connections_accepted)),
      single("calixo_http_requests_in_flight", "Requests being handled.", MetricType::gauge,
             static_cast<double>(stats.requests_in_flight)),
      single("calixo_http_streams_parked", "Answers that hold no fiber.", MetricType::gauge,
             static_cast<double>(stats.streams_parked)),
      family("calixo_http_token_cache_total", "Bearer tokens looked up.", MetricType::counter,
             {sample(static_cast<double>(stats.token_cache_hits), {{"result", "hit"}}),
              sample(static_cast<double>(stats.token_cache_misses), {{"result", "miss"}})}),
      refused_requests(stats)};
  append_route_families(all, stats);
  return all;
}

std::vector<MetricFamilyData> database_metrics(const Database& database) {
  const Database::Stats stats = database.stats();
  const auto gauge = [](const char* name, const char* help, std::uint64_t value) {
    return single(name, help, MetricType::gauge, static_cast<double>(value));
  };
  const auto counter = [](const char* name, const char* help, std::uint64_t value) {
    return single(name, help, MetricType::counter, static_cast<double>(value));
  };
  return {
      gauge("calixo_db_connections", "Open database connections.", stats.connections),
      gauge("calixo_db_in_flight", "Runs sent and not answered.", stats.in_flight),
      gauge("calixo_db_waiting", "Runs and leases that wait for room.", stats.waiting),
      gauge("calixo_db_available", "1 while the database answers.",
            database.is_available() ? 1 : 0),
      counter("calixo_db_statements_total", "Statements run.", stats.statements),
      counter("calixo_db_statement_errors_total", "Statements refused.", stats.statement_errors),
      counter("calixo_db_transactions_total", "Transactions begun.", stats.transactions),
      counter("calixo_db_reconnects_total", "Connections opened again.", stats.reconnects)};
}

std::vector<MetricFamilyData> loop_metrics(const std::vector<EventLoop*>& loops) {
  auto fibers = family("calixo_fibers_in_flight", "Fibers that run or wait.", MetricType::gauge);
  auto refused =
      family("calixo_fibers_refused_total", "Fibers refused by the limit.", MetricType::counter);
  auto lag = family("calixo_loop_lag_seconds", "How late the last timer fired.", MetricType::gauge);
  auto blocked = family("calixo_loop_blocked_total", "Times the watchdog found a loop held.",
                        MetricType::counter);
  for (std::size_t i = 0; i < loops.size(); ++i) {
    const EventLoop::Stats stats = loops[i]->stats();
    const Labels labels{{"loop", std::to_string(i)}};
    fibers.samples.push_back(sample(static_cast<double>(stats.fibers_in_flight), labels));
    refused.samples.push_back(sample(static_cast<double>(stats.fibers_refused), labels));
    lag.samples.push_back(sample(static_cast<double>(stats.lag_us_last) / 1e6, labels));
    blocked.samples.push_back(sample(static_cast<double>(stats.blocked_count), labels));
  }
  return {std::move(fibers), std::move(refused), std::move(lag), std::move(blocked)};
}

std::vector<MetricFamilyData> plugin_metrics(const PluginManager& plugins,
                                             const PluginHistory& history) {
  auto info = family("calixo_plugin_info", "Loaded plugins; 1 where started.", MetricType::gauge);
  for (const auto& plugin : plugins.plugins()) {
    info.samples.push_back(sample(plugin->state == PluginState::started ? 1 : 0,
                                  {{"plugin", plugin->name},
                                   {"version", plugin->version},
                                   {"state", std::string(to_text(plugin->state))}}));
  }
  auto quarantined =
      family("calixo_plugin_quarantined", "1 for a plugin left out because it crashed too often.",
             MetricType::gauge);
  for (const auto& plugin : plugins.plugins()) {
    quarantined.samples.push_back(sample(0, {{"plugin", plugin->name}}));
  }
  for (const LeftOut& plugin : history.left_out) {
    quarantined.samples.push_back(sample(1, {{"plugin", plugin.id}}));
  }
  auto crashes = family("calixo_plugin_crashes_total",
                        "Worker processes that a plugin crashed or held, since the server started.",
                        MetricType::counter);
  for (const PluginHistory::Crashes& one : history.crashes) {
    crashes.samples.push_back(sample(one.total, {{"plugin", one.id}}));
  }
  return {std::move(info), std::move(quarantined), std::move(crashes)};
}

std::vector<MetricFamilyData> log_metrics() {
  return {single("calixo_log_dropped_total", "Log lines dropped by a full queue.",
                 MetricType::counter, static_cast<double>(log::dropped_count()))};
}

}  // namespace calixo::host
