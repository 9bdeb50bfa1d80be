// Runtime keys for administrators: /api/admin/config. What is written holds on every node at once,
// by the table's trigger.
#pragma once

#include <memory>
#include <vector>

#include "http/route.hpp"
#include "http/router.hpp"
#include "plugin/registrations.hpp"

namespace calixo::host {

class Configuration;
class Database;

// The routes without handlers: to find conflicts before anything runs, and for the API document.
std::vector<RegisteredRoute> config_route_list();

// The routes with their handlers; owns the handlers.
class ConfigRoutes {
 public:
  ConfigRoutes(Configuration& configuration, Database& database, Router& router);
  ~ConfigRoutes();

 private:
  std::vector<std::unique_ptr<RouteHandler>> handlers_;
};

}  // namespace calixo::host
