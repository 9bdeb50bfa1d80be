#include "app/host_routes.hpp"

#include <boost/json.hpp>
#include <map>
#include <utility>

#include "app/config_routes.hpp"
#include "app/docs_page.hpp"
#include "config/configuration.hpp"
#include "http/exchange.hpp"
#include "log/metrics.hpp"

namespace calixo::host {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr const char* kConfigSchema =
    R"({"type":"object","additionalProperties":true,"description":"Public keys by name."})";
constexpr const char* kTextSchema = R"({"type":"string"})";
constexpr const char* kObjectSchema = R"({"type":"object"})";
constexpr const char* kStatusSchema =
    R"({"type":"object","required":["status"],"properties":{"status":{"type":"string"}}})";
constexpr const char* kReadinessSchema =
    R"({"type":"object","required":["status","database","quarantined","crashes"],"properties":{)"
    R"("status":{"type":"string"},"database":{"type":"string"},)"
    R"("quarantined":{"type":"array","items":{"type":"string"},)"
    R"("description":"Plugins left out because they crashed too often."},)"
    R"("crashes":{"type":"object","additionalProperties":{"type":"integer"},)"
    R"("description":"Crashes by plugin in the minute before this worker started."}}})";

using Answer = std::function<void(Exchange&)>;

class FunctionHandler final : public RouteHandler {
 public:
  explicit FunctionHandler(Answer answer) : answer_(std::move(answer)) {}
  void handle(Exchange& exchange) override { answer_(exchange); }

 private:
  Answer answer_;
};

RegisteredRoute own_route(std::string path, std::string produces, std::string summary,
                          std::string response_schema) {
  RegisteredRoute route;
  route.route.method = "GET";
  route.route.path = std::move(path);
  route.route.owner = "host";
  route.route.produces = std::move(produces);
  route.summary = std::move(summary);
  route.tag = "server";
  route.response_schema = std::move(response_schema);
  return route;
}

boost::json::value typed(const Configuration& configuration, const Key& key) {
  switch (key.type) {
    case KeyType::boolean:
      return configuration.get_bool(key.name);
    case KeyType::integer:
      return configuration.get_int(key.name);
    case KeyType::real:
      return configuration.get_real(key.name);
    case KeyType::text:
      break;
  }
  return boost::json::string(configuration.get_text(key.name));
}

void answer_public_keys(const Configuration& configuration, Exchange& exchange) {
  boost::json::object all;
  for (const Key* key : configuration.keys()) {
    if (key->is_public) all[key->name] = typed(configuration, *key);
  }
  exchange.respond(200, kJson, boost::json::serialize(all));
}

// Which plugins are left out, and how often others crashed in the minute before this worker's
// start.
void add_history(boost::json::object& body, const PluginHistory& history) {
  boost::json::array quarantined;
  for (const LeftOut& plugin : history.left_out) quarantined.emplace_back(plugin.id);
  boost::json::object crashes;
  for (const PluginHistory::Crashes& one : history.crashes) {
    if (one.within_a_minute > 0) crashes[one.id] = one.within_a_minute;
  }
  body["quarantined"] = std::move(quarantined);
  body["crashes"] = std::move(crashes);
}

void answer_readiness(const HostRouteSources& sources, Exchange& exchange) {
  const bool is_ready = sources.is_database_available();
  boost::json::object body{{"status", is_ready ? "ready" : "unavailable"},
                           {"database", is_ready ? "available" : "unavailable"}};
  add_history(body, sources.history);
  if (!is_ready) exchange.set_header("Retry-After", std::to_string(sources.retry_after_s()));
  exchange.respond(is_ready ? 200 : 503, kJson, boost::json::serialize(body));
}

std::map<std::string, Answer> answers(const HostRouteSources& sources) {
  return {
      {"/healthz", [](Exchange& exchange) { exchange.respond(200, kJson, R"({"status":"ok"})"); }},
      {"/readyz", [sources](Exchange& exchange) { answer_readiness(sources, exchange); }},
      {"/metrics",
       [sources](Exchange& exchange) {
         exchange.respond(200, "text/plain; version=0.0.4; charset=utf-8",
                          sources.metrics->expose());
       }},
      {"/api/config",
       [sources](Exchange& exchange) { answer_public_keys(*sources.configuration, exchange); }},
      {"/api/openapi.json",
       [sources](Exchange& exchange) { exchange.respond(200, kJson, sources.api_document); }},
      {"/docs",
       [](Exchange& exchange) {
         exchange.set_header("Content-Security-Policy", docs_page_policy());
         exchange.respond(200, "text/html; charset=utf-8", docs_page());
       }},
  };
}

// Those that this file answers.
const std::vector<RegisteredRoute>& own_routes() {
  static const std::vector<RegisteredRoute> kRoutes{
      own_route("/healthz", "application/json", "Whether the process lives", kStatusSchema),
      own_route("/readyz", "application/json", "Whether requests can be served", kReadinessSchema),
      own_route("/metrics", "text/plain", "Metrics for Prometheus", kTextSchema),
      own_route("/api/config", "application/json", "The public configuration", kConfigSchema),
      own_route("/api/openapi.json", "application/json", "This document", kObjectSchema),
      own_route("/docs", "text/html", "The API document as a page", kTextSchema),
  };
  return kRoutes;
}

}  // namespace

const std::vector<RegisteredRoute>& host_routes() {
  static const std::vector<RegisteredRoute> kRoutes = [] {
    std::vector<RegisteredRoute> all = own_routes();
    for (RegisteredRoute& route : config_route_list()) all.push_back(std::move(route));
    return all;
  }();
  return kRoutes;
}

std::vector<Route> host_route_list() {
  std::vector<Route> all;
  for (const RegisteredRoute& route : host_routes()) all.push_back(route.route);
  return all;
}

HostRoutes::HostRoutes(const HostRouteSources& sources, Router& router) {
  const std::map<std::string, Answer> by_path = answers(sources);
  for (const RegisteredRoute& registered : own_routes()) {
    Route route = registered.route;
    handlers_.push_back(std::make_unique<FunctionHandler>(by_path.at(route.path)));
    route.handler = handlers_.back().get();
    router.add(std::move(route));
  }
}

HostRoutes::~HostRoutes() = default;

}  // namespace calixo::host
