#include "app/worker.hpp"

#include <Poco/Net/SocketAddress.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <iostream>
#include <optional>
#include <stdexcept>

#include "app/engine.hpp"
#include "app/exit_codes.hpp"
#include "app/host_routes.hpp"
#include "app/metric_sources.hpp"
#include "app/runtime_keys.hpp"
#include "app/version.hpp"
#include "app/work_metrics.hpp"
#include "http/server.hpp"
#include "log/log.hpp"
#include "plugin/openapi.hpp"

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

void report(int descriptor, const std::string& line) {
  const std::string whole = line + "\n";
  if (descriptor < 0) return;
  if (::write(descriptor, whole.data(), whole.size()) < 0) {
    log::warn("supervisor is away", {});
  }
}

int refuse(const std::vector<std::string>& reasons) {
  for (const std::string& reason : reasons) std::cerr << "calixo: " << reason << "\n";
  std::cerr << std::flush;
  return kExitConfiguration;
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
  Service(Installation& installation, const WorkerDescriptors& descriptors)
      : installation_(installation),
        descriptors_(descriptors),
        engine_(installation, installation.configuration().get_text("database.url"),
                size_of(installation.configuration(), "http.loops")) {}

  void start() {
    engine_.start();
    engine_.start_dispatcher();
    keys_.emplace(*engine_.loops().front(), engine_.database(), installation_.configuration());
    add_routes();
    HttpServer::Dependencies dependencies;
    dependencies.loops = engine_.loops();
    dependencies.workers = &engine_.workers();
    dependencies.router = &router_;
    dependencies.tokens = installation_.plugins().token_verifier();
    dependencies.on_access = &log_access;
    dependencies.unavailable_retry_after_s = [this] { return retry_after_s(); };
    server_.emplace(http_options(installation_.configuration()), std::move(dependencies));
    add_metrics();
    server_->serve(descriptors_.listening);
    for (const std::string& notice : installation_.context().notices) {
      report(descriptors_.report, notice);
    }
    report(descriptors_.report, "ready");
  }

  void end() {
    server_->drain();
    keys_.reset();
    engine_.stop();
  }

 private:
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
    sources.api_document = openapi_document(
        {kVersion, server_url(installation_.configuration(), descriptors_.listening)},
        documented_routes(installation_));
    host_routes_.emplace(sources, router_);
    installation_.plugins().add_routes(router_);
  }

  void add_metrics() {
    metrics_.add([this] { return http_metrics(*server_); });
    metrics_.add([this] { return database_metrics(engine_.database()); });
    metrics_.add([this] { return work_metrics(*engine_.dispatcher()); });
    metrics_.add([this] { return loop_metrics(engine_.loops()); });
    metrics_.add([this] { return plugin_metrics(installation_.plugins()); });
    metrics_.add([] { return log_metrics(); });
  }

  Installation& installation_;
  WorkerDescriptors descriptors_;
  Metrics metrics_;
  Router router_;
  Engine engine_;
  std::optional<RuntimeKeys> keys_;
  std::optional<HostRoutes> host_routes_;
  std::optional<HttpServer> server_;
};

}  // namespace

int run_worker(const Sources& sources, const WorkerDescriptors& descriptors) {
  const EndSignals signals;
  Installation installation(sources);
  if (const auto problems = installation.problems(); !problems.empty()) return refuse(problems);
  start_log(installation.configuration());
  Service service(installation, descriptors);
  try {
    service.start();
  } catch (const std::exception& error) {
    return refuse({error.what()});
  }
  log::info("ready", {{"process", ::getpid()}});
  signals.wait();
  log::info("draining");
  service.end();
  log::info("stopped");
  log::stop();
  return 0;
}

}  // namespace calixo::host
