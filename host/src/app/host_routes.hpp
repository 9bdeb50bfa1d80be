// The server's own routes: health, readiness, metrics, the API document and its page, public keys.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/left_out.hpp"
#include "http/route.hpp"
#include "http/router.hpp"
#include "plugin/registrations.hpp"

namespace calixo::host {

class Configuration;
class Metrics;

struct HostRouteSources {
  const Configuration* configuration = nullptr;
  const Metrics* metrics = nullptr;
  std::function<bool()> is_database_available;
  std::function<std::uint32_t()> retry_after_s;
  std::string api_document;
  PluginHistory history;  // for readiness
};

// The routes without handlers: to find conflicts before anything runs, and for the API document.
const std::vector<RegisteredRoute>& host_routes();
std::vector<Route> host_route_list();

// The routes with their handlers; owns the handlers.
class HostRoutes {
 public:
  HostRoutes(const HostRouteSources& sources, Router& router);
  ~HostRoutes();

 private:
  std::vector<std::unique_ptr<RouteHandler>> handlers_;
};

}  // namespace calixo::host
