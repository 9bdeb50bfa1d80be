// The server as a whole: its start, its end, and the sums of what its loops count.
#include "http/server.hpp"

#include <algorithm>
#include <stdexcept>

#include "http/acceptor.hpp"
#include "http/loop_server.hpp"
#include "http/server_context.hpp"
#include "runtime/completion.hpp"

namespace calixo::host {
namespace {

std::unique_ptr<TlsContext> make_tls(const HttpOptions& options) {
  const bool has_certificate = !options.tls_certificate_file.empty();
  if (has_certificate != !options.tls_private_key_file.empty()) {
    throw std::runtime_error(
        "http.tls_certificate_file and http.tls_private_key_file are set together or not at all");
  }
  if (!has_certificate) return nullptr;
  return std::make_unique<TlsContext>(options.tls_certificate_file, options.tls_private_key_file);
}

constexpr std::chrono::milliseconds kBetweenLooks{50};

}  // namespace

ServerContext::ServerContext(HttpOptions wanted, HttpServer::Dependencies given)
    : options(std::move(wanted)),
      dependencies(std::move(given)),
      proxies(options.trusted_proxies),
      cors(options.cors_origins),
      tls(make_tls(options)) {
  if (dependencies.loops.empty() || dependencies.router == nullptr) {
    throw std::invalid_argument("an HTTP server needs a loop and a router");
  }
}

std::uint32_t ServerContext::unavailable_retry_after_s() const {
  const std::uint32_t wanted =
      dependencies.unavailable_retry_after_s ? dependencies.unavailable_retry_after_s() : 0;
  return wanted == 0 ? 1 : wanted;
}

void ServerContext::forget_connections(std::size_t count) {
  if (connections.fetch_sub(count) != count) return;
  const std::lock_guard lock(emptied_mutex);
  emptied.notify_all();
}

bool ServerContext::wait_until_empty(MonotonicClock::time_point until) {
  std::unique_lock lock(emptied_mutex);
  const auto is_empty = [this] { return connections.load() == 0; };
  if (until != MonotonicClock::time_point::max()) return emptied.wait_until(lock, until, is_empty);
  emptied.wait(lock, is_empty);
  return true;
}

struct HttpServer::Impl {
  Impl(HttpOptions options, Dependencies dependencies)
      : context(std::move(options), std::move(dependencies)) {
    for (EventLoop* loop : context.dependencies.loops) {
      loops.push_back(std::make_unique<LoopServer>(context, *loop));
    }
  }
  bool is_stuck(LoopServer& server) const {
    return server.loop().held_for() >= context.options.loop_stuck_limit;
  }

  // Runs the action on every loop and waits for its end there; a stuck loop is not waited for, and
  // does it if it ever comes to it. Not from a loop.
  template <class Action>
  void on_each_loop(const Action& action) {
    std::vector<std::unique_ptr<Completion>> ends;
    for (const auto& server : loops) {
      ends.push_back(std::make_unique<Completion>());
      server->loop().post([action, one = server.get(), handle = ends.back()->handle()] {
        action(*one);
        handle.complete();
      });
    }
    for (std::size_t i = 0; i < loops.size(); ++i) {
      while (!is_stuck(*loops[i]) &&
             ends[i]->wait(Deadline::in(kBetweenLooks)) != WaitStatus::ready) {
      }
    }
  }

  // True once no connection is left but those of stuck loops; false where time ends first.
  bool wait_until_left(MonotonicClock::time_point until) {
    for (;;) {
      const auto now = MonotonicClock::now();
      if (context.wait_until_empty(std::min(until, now + kBetweenLooks))) return true;
      std::uint64_t held = 0;
      for (const auto& server : loops) held += is_stuck(*server) ? server->load.load() : 0;
      if (held > 0 && context.connections.load() <= held) return true;
      if (now >= until) return false;
    }
  }
  bool has_stuck_loop() const {
    return std::any_of(loops.begin(), loops.end(),
                       [this](const auto& server) { return is_stuck(*server); });
  }

  ServerContext context;
  std::vector<std::unique_ptr<LoopServer>> loops;
  std::vector<std::unique_ptr<Acceptor>> acceptors;
  bool is_serving = false;
};

HttpServer::HttpServer(HttpOptions options, Dependencies dependencies)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(dependencies))) {}

HttpServer::~HttpServer() {
  if (impl_->is_serving) drain();
}

void HttpServer::serve(int listening_descriptor) {
  std::vector<LoopServer*> loops;
  for (const auto& loop : impl_->loops) loops.push_back(loop.get());
  for (LoopServer* own : loops) {
    impl_->acceptors.push_back(
        std::make_unique<Acceptor>(impl_->context, *own, loops, listening_descriptor));
  }
  impl_->is_serving = true;
  Acceptor* acceptor = impl_->acceptors.front().get();
  acceptor->loop().post([acceptor] { acceptor->start(); });
}

void HttpServer::loop_held() {
  for (const auto& one : impl_->acceptors) {
    if (one->loop().held_for().count() == 0) one->loop().post([&one] { one->start(); });
  }
}

bool HttpServer::drain() {
  if (!impl_->is_serving) return true;
  impl_->is_serving = false;
  impl_->context.is_draining.store(true, std::memory_order_release);
  for (const auto& one : impl_->acceptors) one->loop().post([&one] { one->stop(); });
  impl_->on_each_loop([](LoopServer& loop) { loop.start_drain(); });
  const auto until = MonotonicClock::now() + impl_->context.options.drain_timeout;
  if (!impl_->wait_until_left(until)) {
    impl_->on_each_loop([](LoopServer& loop) { loop.abort_all(); });
    impl_->wait_until_left(MonotonicClock::time_point::max());
  }
  impl_->on_each_loop([](LoopServer&) {});  // the turn that ended the last connection is over
  return !impl_->has_stuck_loop();
}

const std::vector<double>& HttpServer::latency_bounds_s() {
  static const std::vector<double> kBounds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                           0.1,    0.25,  0.5,    1,     2.5,  5,     10};
  static_assert(RouteCounters::kBuckets == 15);
  return kBounds;
}

HttpServer::Stats HttpServer::stats() const {
  Stats sum;
  sum.connections = impl_->context.connections.load(std::memory_order_relaxed);
  for (const auto& route : impl_->context.dependencies.router->routes()) {
    RouteStats& stats = sum.routes.emplace_back();
    stats.route = route.get();
    stats.latency_buckets.resize(RouteCounters::kBuckets);
  }
  for (const auto& loop : impl_->loops) {
    const LoopCounters& counters = loop->counters();
    sum.connections_accepted += counters.connections_accepted.get();
    sum.requests_in_flight += counters.requests_in_flight.get();
    sum.refused_head_too_large += counters.refused_head_too_large.get();
    sum.refused_body_too_large += counters.refused_body_too_large.get();
    sum.refused_malformed += counters.refused_malformed.get();
    sum.refused_overload += counters.refused_overload.get();
    sum.timed_out_header += counters.timed_out_header.get();
    sum.timed_out_body += counters.timed_out_body.get();
    sum.timed_out_request += counters.timed_out_request.get();
    sum.timed_out_write += counters.timed_out_write.get();
    sum.not_found += counters.not_found.get();
    sum.streams_parked += counters.streams_parked.get();
    sum.token_cache_hits += counters.token_cache_hits.get();
    sum.token_cache_misses += counters.token_cache_misses.get();
    for (std::size_t i = 0; i < counters.routes.size(); ++i) {
      const RouteCounters& route = counters.routes[i];
      RouteStats& stats = sum.routes[i];
      for (std::size_t c = 0; c < 6; ++c)
        stats.by_status_class[c] += route.by_status_class[c].get();
      for (std::size_t b = 0; b < RouteCounters::kBuckets; ++b) {
        stats.latency_buckets[b] += route.latency_buckets[b].get();
      }
      stats.in_flight += route.in_flight.get();
      stats.latency_sum_s += static_cast<double>(route.latency_sum_us.get()) / 1e6;
    }
  }
  return sum;
}

}  // namespace calixo::host
