#include "app/host_routes.hpp"

#include <boost/json.hpp>
#include <map>
#include <utility>

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

void answer_readiness(const HostRouteSources& sources, Exchange& exchange) {
  if (sources.is_database_available()) {
    exchange.respond(200, kJson, R"({"status":"ready","database":"available"})");
    return;
  }
  exchange.set_header("Retry-After", std::to_string(sources.retry_after_s()));
  exchange.respond(503, kJson, R"({"status":"unavailable","database":"unavailable"})");
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

}  // namespace

const std::vector<RegisteredRoute>& host_routes() {
  static const std::vector<RegisteredRoute> kRoutes{
      own_route("/healthz", "application/json", "Whether the process lives", kStatusSchema),
      own_route("/readyz", "application/json", "Whether requests can be served", kStatusSchema),
      own_route("/metrics", "text/plain", "Metrics for Prometheus", kTextSchema),
      own_route("/api/config", "application/json", "The public configuration", kConfigSchema),
      own_route("/api/openapi.json", "application/json", "This document", kObjectSchema),
      own_route("/docs", "text/html", "The API document as a page", kTextSchema),
  };
  return kRoutes;
}

std::vector<Route> host_route_list() {
  std::vector<Route> all;
  for (const RegisteredRoute& route : host_routes()) all.push_back(route.route);
  return all;
}

HostRoutes::HostRoutes(const HostRouteSources& sources, Router& router) {
  const std::map<std::string, Answer> by_path = answers(sources);
  for (Route route : host_route_list()) {
    handlers_.push_back(std::make_unique<FunctionHandler>(by_path.at(route.path)));
    route.handler = handlers_.back().get();
    router.add(std::move(route));
  }
}

HostRoutes::~HostRoutes() = default;

}  // namespace calixo::host
