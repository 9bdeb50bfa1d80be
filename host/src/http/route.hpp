// What the router holds of one route: how it matches, who may call it, its limits and its handler.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "http/principal.hpp"

namespace calixo::host {

class Exchange;

// A failure on its way to the client. The code is stable; see http/problems.hpp for the catalogue.
struct Problem {
  std::uint16_t http_status = 500;
  std::string code = "internal";
  std::string message;      // empty: the catalogue's text in the caller's language
  std::string errors_json;  // a JSON array, or empty
  std::uint32_t retry_after_s = 0;
};

class RouteHandler {
 public:
  virtual ~RouteHandler() = default;
  // Answers through the exchange and returns. [fiber], or a worker thread where exec_thread is set.
  virtual void handle(Exchange& exchange) = 0;
  // Renders a problem in a wire format of the route's own; false: the server's shape is used.
  // [loop]
  virtual bool render_problem(Exchange&, const Problem&) { return false; }
};

struct Route {
  std::string method;  // "GET"
  std::string path;    // "/api/challenges/{id:int}"; types: int, uuid, str, path (rest of the path)
  std::string owner;   // the plugin that registered it, "host" for the server's own
  RoleSet roles = ~RoleSet{0};
  bool exec_thread = false;
  bool stream_body = false;
  bool read_only = false;
  std::chrono::milliseconds deadline{0};  // 0: HttpOptions::request_deadline
  std::uint64_t body_bytes_max = 0;       // 0: HttpOptions::body_bytes_max
  std::string consumes = "application/json";
  std::string produces = "application/json";
  bool has_body = false;            // a body of another media type is 415; else bodies are ignored
  RouteHandler* handler = nullptr;  // outlives the router
  std::string label;                // "challenges GET /api/challenges", set by the router
  std::size_t index = 0;            // dense, set by the router: for per-route metrics
};

}  // namespace calixo::host
