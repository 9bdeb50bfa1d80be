// The HTTP/1.1 server: accepts, deals connections out to the loops, parses, limits, finds the
// route, runs its handler on a fiber, sends answers in order.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/exchange.hpp"
#include "http/principal_changes.hpp"
#include "http/router.hpp"
#include "runtime/event_loop.hpp"
#include "runtime/worker_pool.hpp"

namespace calixo::host {

struct HttpOptions {
  std::size_t head_bytes_max = 16 * 1024;
  std::uint64_t body_bytes_max = 1024 * 1024;
  std::size_t connections_max = 20'000;
  std::size_t requests_in_flight_max = 10'000;  // fibers running handlers, all loops
  std::size_t pipelined_requests_max = 16;      // read ahead on one connection
  std::size_t stream_buffer_bytes_max = 256 * 1024;
  std::chrono::milliseconds header_timeout{10'000};  // first byte to end of head
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle_timeout{75'000};
  std::chrono::milliseconds write_timeout{30'000};  // no byte taken by the client
  std::chrono::milliseconds request_deadline{30'000};
  std::chrono::milliseconds drain_timeout{10'000};
  std::chrono::milliseconds drain_idle_time{2'000};    // an idle connection's, for one more request
  std::chrono::milliseconds loop_stuck_limit{10'000};  // a loop held for longer is given up
  std::uint64_t answer_bytes_max = 16 * 1024 * 1024;   // of an answer in one piece, or one message
  std::size_t compress_bytes_min = 1024;
  std::vector<std::string> cors_origins;     // exact origins, or "*"
  std::vector<std::string> trusted_proxies;  // addresses or CIDR blocks
  std::string public_url;                    // base_url(); empty: from Host
  std::string tls_certificate_file;          // both set: TLS 1.2 and 1.3
  std::string tls_private_key_file;
};

// One line of the access log. Views live for the call. [loop]
struct AccessRecord {
  std::string_view request_id, method, path, client_address, user_id;
  std::uint16_t status = 0;
  std::uint64_t sent_bytes = 0;
  std::chrono::microseconds took{0};
  const Route* route = nullptr;  // nullptr: none matched
};

class HttpServer {
 public:
  struct Dependencies {
    std::vector<EventLoop*> loops;
    WorkerPool* workers = nullptr;  // for routes with exec_thread
    const Router* router = nullptr;
    TokenVerifier* tokens = nullptr;  // nullptr: every bearer token is invalid (401)
    std::shared_ptr<const PrincipalChanges> principal_changes;  // nullptr: nobody tells
    std::function<void(const AccessRecord&)> on_access;
    std::function<std::uint32_t()> unavailable_retry_after_s;
  };
  HttpServer(HttpOptions options, Dependencies dependencies);
  ~HttpServer();

  // Serves a bound, listening socket (owned by the caller, non-blocking).
  void serve(int listening_descriptor);

  // Stops accepting, gives idle connections a moment for one more request, lets running requests
  // end within drain_timeout, then cancels them; parked streams are closed. Blocks until all is
  // closed: true; or until all is but what a stuck loop holds: false, and then neither the server
  // nor its loops may be destroyed. Not from a loop.
  bool drain();

  // A loop is held for longer than a moment: others accept in its place. [any-thread]
  void loop_held();

  struct RouteStats {
    const Route* route = nullptr;
    std::uint64_t by_status_class[6] = {};  // [2]: 2xx
    std::uint64_t in_flight = 0;
    std::vector<std::uint64_t> latency_buckets;  // counts, bounds in latency_bounds_s()
    double latency_sum_s = 0;
  };
  struct Stats {
    std::uint64_t connections = 0, connections_accepted = 0, requests_in_flight = 0;
    std::uint64_t refused_head_too_large = 0, refused_body_too_large = 0, refused_malformed = 0,
                  refused_overload = 0, timed_out_header = 0, timed_out_body = 0,
                  timed_out_request = 0, timed_out_write = 0, not_found = 0;
    std::uint64_t streams_parked = 0, token_cache_hits = 0, token_cache_misses = 0;
    std::vector<RouteStats> routes;
  };
  Stats stats() const;  // sums the loops' own counters. [any-thread]
  static const std::vector<double>& latency_bounds_s();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calixo::host
