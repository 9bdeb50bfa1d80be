// Finds the route of a request: a tree of segments, literal before parameter, no backtracking into
// regular expressions. Built at start, then read by all loops.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/route.hpp"

namespace calixo::host {

struct PathParameter {
  std::string_view name;
  std::string value;  // decoded
};

struct RouteMatch {
  enum class Outcome { found, no_such_path, no_such_method, bad_parameter };
  Outcome outcome = Outcome::no_such_path;
  const Route* route = nullptr;
  std::string allow;  // for no_such_method and OPTIONS: "GET, HEAD, OPTIONS"
  std::vector<PathParameter> parameters;
};

class Router {
 public:
  Router();
  ~Router();

  // Empty on success; else the reason, naming both owners: "GET /api/x is registered by a and by
  // b". [startup]
  std::string add(Route route);

  // path is percent-encoded, without the query. HEAD matches GET. [any-thread]
  RouteMatch match(std::string_view method, std::string_view path) const;

  const std::vector<std::unique_ptr<Route>>& routes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calixo::host
