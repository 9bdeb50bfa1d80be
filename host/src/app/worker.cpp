#include "app/worker.hpp"

#include <Poco/Net/SocketAddress.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <iostream>
#include <optional>
#include <stdexcept>

#include "app/config_routes.hpp"
#include "app/engine.hpp"
#include "app/exit_codes.hpp"
#include "app/host_routes.hpp"
#include "app/left_out_routes.hpp"
#include "app/metric_sources.hpp"
#include "app/outbound_metrics.hpp"
#include "app/runtime_keys.hpp"
#include "app/version.hpp"
#include "app/work_metrics.hpp"
#include "app/worker_told.hpp"
#include "http/server.hpp"
#include "log/log.hpp"
#include "plugin/openapi.hpp"
#include "runtime/crash_report.hpp"

namespace calixo::host {
namespace {

std::chrono::milliseconds milliseconds_of(const Configuration& configuration, const char* key) {
  return std::chrono::milliseconds(configuration.get_int(key));
}
std::size_t size_of(const Configuration& configuration, const char* key) {
  return static_cast<std::size_t>(configuration.get_int(key));
}

HttpOptions http_options(const Configuration& configuration) {
  HttpOptions options;
  options.head_bytes_max = size_of(configuration, "http.head_bytes_max");
  options.body_bytes_max = size_of(configuration, "http.body_bytes_max");
  options.connections_max = size_of(configuration, "http.connections_max");
  options.requests_in_flight_max = size_of(configuration, "http.requests_in_flight_max");
  options.stream_buffer_bytes_max = size_of(configuration, "http.stream_buffer_bytes_max");
  options.compress_bytes_min = size_of(configuration, "http.compress_bytes_min");
  options.header_timeout = milliseconds_of(configuration, "http.header_timeout_ms");
  options.body_timeout = milliseconds_of(configuration, "http.body_timeout_ms");
  options.idle_timeout = milliseconds_of(configuration, "http.idle_timeout_ms");
  options.write_timeout = milliseconds_of(configuration, "http.write_timeout_ms");
  options.request_deadline = milliseconds_of(configuration, "http.request_deadline_ms");
  options.drain_timeout = milliseconds_of(configuration, "http.drain_timeout_ms");
  options.answer_bytes_max = size_of(configuration, "http.answer_bytes_max");
  const auto stuck = milliseconds_of(configuration, "runtime.loop_stuck_limit_ms");
  options.loop_stuck_limit = stuck.count() > 0 ? stuck : std::chrono::milliseconds::max();
  options.cors_origins = configuration.get_list("http.cors_origins");
  options.trusted_proxies = configuration.get_list("http.trusted_proxies");
  options.public_url = configuration.get_text("http.public_url");
  options.tls_certificate_file = configuration.get_text("http.tls_certificate_file");
  options.tls_private_key_file = configuration.get_text("http.tls_private_key_file");
  return options;
}

void log_access(const AccessRecord& record) {
  if (!log::is_enabled(log::Level::debug) && record.status < 500) return;
  const log::Level level = record.status >= 500 ? log::Level::warn : log::Level::debug;
  log::write(level, "request",
             {{"request_id", record.request_id},
              {"method", record.method},
              {"path", record.path},
              {"status", record.status},
              {"bytes", record.sent_bytes},
              {"took_us", static_cast<long long>(record.took.count())},
              {"client", record.client_address},
              {"user", record.user_id}});
}

// Blocks the ending signals in this thread and all that it starts; wait() receives them.
class EndSignals {
 public:
  EndSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGHUP, SIG_IGN);  // the supervisor's business
  }
  void wait() const {
    int number = 0;
    sigwait(&set_, &number);
  }

 private:
  sigset_t set_;
};

int refuse(const WorkerReport& report, const std::vector<std::string>& reasons) {
  for (const std::string& reason : reasons) {
    std::cerr << "calixo: " << reason << "\n";
    report.refused(reason);
  }
  std::cerr << std::flush;
  return kExitConfiguration;
}

Installation::Options installation_options(const WorkerOptions& options,
                                           const WorkerReport& report) {
  Installation::Options made;
  made.left_out = options.history.left_out;
  made.on_plugin = [&report](const std::string& enabled_as, const std::string& id,
                             bool is_required) { report.plugin(enabled_as, id, is_required); };
  return made;
}

// So that the supervisor knows what to answer for a plugin that it leaves out one day.
void tell_routes(const Installation& installation, const WorkerReport& report) {
  for (const auto& plugin : installation.plugins().plugins()) {
    for (const RegisteredRoute& route : plugin->registrations.routes) {
      report.route(plugin->name, route.route.method, route.route.path);
    }
  }
}

// Where clients reach this server, as the API document says it.
std::string server_url(const Configuration& configuration, int listening) {
  std::string url = configuration.get_text("http.public_url");
  if (!url.empty()) return url;
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &size);
  const bool is_tls = !configuration.get_text("http.tls_certificate_file").empty();
  const Poco::Net::SocketAddress bound(reinterpret_cast<sockaddr*>(&address), size);
  return (is_tls ? "https://" : "http://") + bound.toString();
}

// One start-to-end of the serving process; members end in the reverse order.
class Service {
 public:
  Service(Installation& installation, const WorkerOptions& options)
      : installation_(installation),
        options_(options),
        engine_(installation, installation.configuration().get_text("database.url"),
                size_of(installation.configuration(), "http.loops"), loop_events()) {}

  void start() {
    engine_.start();
    engine_.start_dispatcher();
    keys_.emplace(*engine_.loops().front(), engine_.database(), installation_.configuration(),
                  engine_.signals());
    add_routes();
    HttpServer::Dependencies dependencies;
    dependencies.loops = engine_.loops();
    dependencies.workers = &engine_.workers();
    dependencies.router = &router_;
    dependencies.tokens = installation_.plugins().token_verifier();
    dependencies.principal_changes = installation_.context().principals;
    dependencies.on_access = &log_access;
    dependencies.unavailable_retry_after_s = [this] { return retry_after_s(); };
    server_.emplace(http_options(installation_.configuration()), std::move(dependencies));
    add_metrics();
    server_->serve(options_.listening);
    serving_ = &*server_;
    const WorkerReport report(options_.report);
    for (const std::string& notice : installation_.context().notices) report.notice(notice);
    report.ready();
  }

  // False where a stuck loop keeps it from an end: then nothing of it may be destroyed.
  bool end() {
    serving_ = nullptr;
    if (!server_->drain()) return false;
    keys_.reset();
    engine_.stop();
    return true;
  }

 private:
  Engine::LoopEvents loop_events() {
    Engine::LoopEvents events;
    events.on_held = [this] {
      if (HttpServer* server = serving_) server->loop_held();
    };
    return events;
  }

  std::uint32_t retry_after_s() {
    return static_cast<std::uint32_t>(
        std::chrono::ceil<std::chrono::seconds>(engine_.database().retry_after()).count());
  }

  void add_routes() {
    HostRouteSources sources;
    sources.configuration = &installation_.configuration();
    sources.metrics = &metrics_;
    sources.is_database_available = [this] { return engine_.database().is_available(); };
    sources.retry_after_s = [this] { return retry_after_s(); };
    sources.api_document =
        openapi_document({kVersion, server_url(installation_.configuration(), options_.listening)},
                         documented_routes(installation_));
    sources.history = options_.history;
    host_routes_.emplace(sources, router_);
    config_routes_.emplace(installation_.configuration(), engine_.database(), router_);
    installation_.plugins().add_routes(router_);
    left_out_routes_.emplace(options_.history.left_out, router_);
  }

  void add_metrics() {
    metrics_.add([this] { return http_metrics(*server_); });
    metrics_.add([this] { return database_metrics(engine_.database()); });
    metrics_.add([this] { return work_metrics(*engine_.dispatcher()); });
    metrics_.add([this] { return outbound_metrics(engine_.outbound()); });
    metrics_.add([this] { return loop_metrics(engine_.loops()); });
    metrics_.add([this] { return plugin_metrics(installation_.plugins(), options_.history); });
    metrics_.add([] { return log_metrics(); });
  }

  Installation& installation_;
  const WorkerOptions& options_;
  Metrics metrics_;
  Router router_;
  Engine engine_;
  std::optional<RuntimeKeys> keys_;
  std::optional<HostRoutes> host_routes_;
  std::optional<ConfigRoutes> config_routes_;
  std::optional<LeftOutRoutes> left_out_routes_;
  std::optional<HttpServer> server_;
  std::atomic<HttpServer*> serving_{nullptr};  // for the watchdog's thread
};

}  // namespace

int run_worker(const Sources& sources, const WorkerOptions& options) {
  const EndSignals signals;
  const WorkerReport report(options.report);
  crash_report::tell_supervisor(options.report);
  Installation installation(sources, installation_options(options, report));
  if (const auto problems = installation.problems(); !problems.empty()) {
    return refuse(report, problems);
  }
  tell_routes(installation, report);
  start_log(installation.configuration());
  Service service(installation, options);
  try {
    service.start();
  } catch (const std::exception& error) {
    return refuse(report, {error.what()});
  }
  log::info("ready", {{"process", ::getpid()}});
  signals.wait();
  log::info("draining");
  if (!service.end()) {
    log::error("stopped with a loop held", {{"action", "its requests are lost"}});
    log::stop();
    ::_exit(kExitStuck);
  }
  log::info("stopped");
  log::stop();
  return 0;
}

}  // namespace calixo::host
