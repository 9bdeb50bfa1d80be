// What all loops of one server share. Constant once made, but for the atomics.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>

#include "http/cors_policy.hpp"
#include "http/server.hpp"
#include "http/tls_context.hpp"
#include "http/trusted_proxies.hpp"

namespace calixo::host {

struct ServerContext {
  ServerContext(HttpOptions wanted, HttpServer::Dependencies given);

  const HttpOptions options;
  const HttpServer::Dependencies dependencies;
  const TrustedProxies proxies;
  const CorsPolicy cors;
  std::unique_ptr<TlsContext> tls;  // nullptr: plain HTTP

  std::atomic<bool> is_draining{false};  // set before the loops hear of it

  // Limits over all loops.
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> requests_in_flight{0};

  // For the drain, which waits until no connection is left.
  void forget_connections(std::size_t count);
  bool wait_until_empty(MonotonicClock::time_point until);  // false: not by then
  std::mutex emptied_mutex;
  std::condition_variable emptied;

  ssl_ctx_st* tls_native() const { return tls == nullptr ? nullptr : tls->native(); }
  std::uint32_t unavailable_retry_after_s() const;
};

}  // namespace calixo::host
