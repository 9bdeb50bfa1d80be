// The routes of plugins that the worker runs without: each answers 503 plugin_quarantined, so that
// a client can tell "for now" from "never".
#pragma once

#include <memory>
#include <vector>

#include "app/left_out.hpp"
#include "http/router.hpp"

namespace calixo::host {

class LeftOutRoutes {
 public:
  // A route that somebody else has meanwhile stays theirs.
  LeftOutRoutes(const std::vector<LeftOut>& plugins, Router& router);

 private:
  std::unique_ptr<RouteHandler> handler_;
};

}  // namespace calixo::host
