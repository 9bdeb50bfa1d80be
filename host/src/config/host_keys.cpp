#include "config/host_keys.hpp"

#include <filesystem>
#include <stdexcept>

namespace calixo::host {
namespace {

constexpr double kKiB = 1024, kMiB = 1024 * kKiB, kGiB = 1024 * kMiB;
constexpr double kHourMs = 3'600'000;

// Adds keys one after another; what they share stands here once.
class HostKeys {
 public:
  explicit HostKeys(Configuration& configuration) : configuration_(configuration) {}

  void integer(const char* name, const char* default_value, double min, double max,
               const char* description) {
    Key key = made(name, KeyType::integer, default_value, description);
    key.min = min;
    key.max = max;
    add(std::move(key));
  }
  void boolean(const char* name, const char* default_value, const char* description) {
    add(made(name, KeyType::boolean, default_value, description));
  }
  void text(const char* name, const char* default_value, const char* description) {
    add(made(name, KeyType::text, default_value, description));
  }
  void choice(const char* name, const char* default_value, std::vector<std::string> choices,
              const char* description) {
    Key key = made(name, KeyType::text, default_value, description);
    key.choices = std::move(choices);
    add(std::move(key));
  }
  void secret(const char* name, const char* description) {
    Key key = made(name, KeyType::text, "", description);
    key.secret = true;
    add(std::move(key));
  }
  void machine_path(const char* name, std::string default_value, const char* default_shown,
                    const char* description) {
    Key key = made(name, KeyType::text, std::move(default_value), description);
    key.default_shown = default_shown;
    add(std::move(key));
  }

 private:
  static Key made(const char* name, KeyType type, std::string default_value,
                  const char* description) {
    Key key;
    key.name = name;
    key.type = type;
    key.owner = "host";
    key.default_value = std::move(default_value);
    key.description = description;
    return key;
  }
  void add(Key key) {
    const std::string reason = configuration_.add_key(std::move(key));
    if (!reason.empty()) throw std::logic_error(reason);
  }

  Configuration& configuration_;
};

// Where the libraries stand: beside the binary's folder in a build, below lib where installed.
std::string plugins_folder() {
  std::error_code error;
  const auto binary = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return {};
  const auto prefix = binary.parent_path().parent_path();
  const auto installed = prefix / "lib/calixo/plugins";
  return (std::filesystem::exists(installed, error) ? installed : prefix / "plugins").string();
}

void add_address_keys(HostKeys& keys) {
  keys.text("http.host", "127.0.0.1", "Address to listen on; 0.0.0.0 or :: for every interface.");
  keys.integer("http.port", "8080", 0, 65535, "TCP port to listen on; 0 takes a free one.");
  keys.integer("http.loops", "0", 0, 1024, "Event loops, each a thread; 0 for one a core.");
  keys.text("http.public_url", "",
            "Base URL under which clients reach the server, without a slash at its end. Empty: "
            "taken from each request's Host.");
  keys.text("http.cors_origins", "",
            "Origins, separated by commas, whose pages may call the server; * for all. Empty: "
            "none but its own.");
  keys.text("http.trusted_proxies", "",
            "Addresses or CIDR blocks, separated by commas, whose X-Forwarded-* headers are "
            "believed. Empty: nobody's.");
  keys.text("http.tls_certificate_file", "",
            "PEM file with the certificate chain. Together with http.tls_private_key_file it "
            "turns TLS (1.2 and 1.3) on.");
  keys.text("http.tls_private_key_file", "",
            "PEM file with the certificate's private key, readable by the server's user alone.");
}

void add_http_limits(HostKeys& keys) {
  keys.integer("http.head_bytes_max", "16384", 1 * kKiB, 1 * kMiB,
               "Longest request line and headers together; 431 beyond.");
  keys.integer("http.body_bytes_max", "1048576", 0, 4 * kGiB,
               "Longest request body where the route sets no limit of its own; 413 beyond.");
  keys.integer("http.header_timeout_ms", "10000", 100, kHourMs,
               "Time from a request's first byte to the end of its head; 408 after.");
  keys.integer("http.body_timeout_ms", "30000", 100, kHourMs,
               "Longest wait for the next bytes of a request body; 408 after.");
  keys.integer("http.idle_timeout_ms", "75000", 100, kHourMs,
               "How long a connection may stay open between requests.");
  keys.integer("http.write_timeout_ms", "30000", 100, kHourMs,
               "How long a client may take none of an answer's bytes before it is disconnected.");
  keys.integer("http.request_deadline_ms", "30000", 100, kHourMs,
               "Time for a handler to answer where its route sets no deadline; 503 after.");
  keys.integer("http.drain_timeout_ms", "10000", 0, kHourMs,
               "How long running requests may take to end when the server stops or reloads.");
  keys.integer("http.answer_bytes_max", "16777216", 64 * kKiB, 1 * kGiB,
               "Longest answer that a handler gives in one piece; 500 beyond. Longer ones are "
               "streamed.");
  keys.integer("http.connections_max", "20000", 1, 10'000'000,
               "Open client connections; more are refused.");
  keys.integer("http.requests_in_flight_max", "10000", 1, 10'000'000,
               "Requests being handled at once; 503 with Retry-After beyond.");
  keys.integer(
      "http.compress_bytes_min", "1024", 0, 1 * kGiB,
      "Shortest answer that is compressed with brotli or gzip for clients that accept it.");
  keys.integer("http.stream_buffer_bytes_max", "262144", 4 * kKiB, 1 * kGiB,
               "Bytes of one streamed body kept in memory before its sender has to wait.");
}

void add_database_keys(HostKeys& keys) {
  keys.secret("database.url",
              "PostgreSQL connection URL, postgresql://user:password@host:5432/name. Empty: the "
              "server keeps an embedded PostgreSQL in data.folder.");
  keys.integer("database.pipelines_per_loop", "2", 1, 64,
               "Connections of each event loop that its requests share for single statements.");
  keys.integer("database.transactions_per_loop_max", "0", 0, 256,
               "Connections of each event loop for transactions, each used by one at a time. 0: 16 "
               "for all loops together, but 4 at least each.");
  keys.integer("database.statement_deadline_ms", "10000", 10, kHourMs,
               "Longest time for one statement; it is cancelled after.");
  keys.text("data.folder", "var",
            "Folder for what the server keeps on disk, the embedded database foremost. Relative "
            "to the working folder.");
}

void add_event_keys(HostKeys& keys) {
  keys.integer("events.concurrency_max", "4", 1, 256,
               "Deliveries of one subscription, and runs of one job, at once in one process.");
  keys.integer("events.transactions_per_loop_max", "2", 1, 256,
               "Connections of each event loop for deliveries and runs in a transaction, beside "
               "those of requests.");
  keys.integer("events.payload_bytes_max", "65536", 1, 1 * kMiB,
               "Longest payload of an event or a job.");
  keys.integer("events.attempts_max", "10", 1, 100,
               "Attempts at a delivery or run before it becomes a dead letter, where the plugin "
               "says nothing else.");
  keys.integer("events.timeout_ms", "30000", 100, kHourMs,
               "Time for one attempt, where the plugin says nothing else.");
  keys.integer("events.lease_margin_ms", "5000", 100, kHourMs,
               "How long after its timeout an attempt still has its row to itself; then another "
               "process takes it over.");
  keys.integer("events.retry_backoff_ms", "1000", 1, kHourMs,
               "Pause after the first failed attempt; it doubles with each further one.");
  keys.integer("events.retry_backoff_ms_max", "600000", 1, 24 * kHourMs,
               "Longest pause between two attempts.");
  keys.integer("events.poll_interval_ms", "1000", 10, 60'000,
               "How often the tables are looked at where no notification came.");
  keys.integer("events.finished_retention_s", "86400", 0, 365 * 86'400,
               "How long delivered events and finished runs are kept.");
  keys.integer("events.dead_retention_days", "30", 1, 3650, "How long dead letters are kept.");
  keys.integer("events.subscriber_absence_days_max", "7", 1, 3650,
               "How long events wait for a subscriber that no server has any more.");
}

void add_plugin_keys(HostKeys& keys) {
  keys.text("plugins.enabled", "auth,challenges,social,avatar,store,billing,notifications",
            "Plugins to load, separated by commas; the order doesn't matter.");
  keys.machine_path(
      "plugins.path", plugins_folder(), "../lib/calixo/plugins from the folder of the binary",
      "Folders, separated by colons, in which the plugins' libraries are looked for.");
  keys.boolean("plugins.*.required", "true",
               "Whether the server refuses to start when this plugin fails; otherwise it starts "
               "without it, also after this plugin has crashed it three times within a minute.");
  keys.choice("plugins.*.manifest", "required", {"required", "optional"},
              "Whether this plugin's library must hold a manifest, which is compared with what it "
              "registers; optional lets one run that can't be looked at before.");
  keys.text("plugins.*.grants", "",
            "What this plugin may do with other plugins' tables, as it asks for it: "
            "table:privilege or table:privilege(column,column), separated by commas.");
  keys.integer("plugins.step_limit_ms", "60000", 100, kHourMs,
               "Time for a plugin to load, describe, configure or start; after it the start is "
               "given up as if the plugin had crashed.");
}

void add_process_keys(HostKeys& keys) {
  keys.choice("log.level", "info", {"debug", "info", "warn", "error"},
              "The least important events that are logged; debug logs every request.");
  keys.choice("log.format", "auto", {"auto", "text", "json"},
              "text for people, json for programs; auto is text on a terminal, json elsewhere.");
  keys.integer("runtime.fiber_stack_bytes", "1048576", 64 * kKiB, 64 * kMiB,
               "Address space of one request's stack; memory is taken as it is used.");
  keys.integer("runtime.fibers_max", "20000", 16, 10'000'000,
               "Fibers of one event loop at once; 503 with Retry-After beyond.");
  keys.integer("runtime.worker_threads", "4", 1, 1024, "Threads for routes whose code blocks.");
  keys.integer("runtime.watchdog_threshold_ms", "50", 1, 60'000,
               "A handler that holds its event loop for longer is named in the log.");
  keys.integer("runtime.loop_stuck_limit_ms", "10000", 0, kHourMs,
               "A handler that holds its event loop for longer counts as crashed: the worker "
               "process is replaced. 0: never.");
  keys.boolean("metrics.enabled", "true", "Whether /metrics answers.");
}

void add_outbound_keys(HostKeys& keys) {
  keys.text("outbound.ca_file", "",
            "PEM file with the authorities that other servers' certificates are checked against. "
            "Empty: the system's.");
  keys.integer("outbound.in_flight_max", "16", 1, 1024,
               "Requests to other servers at once, each on a thread; 503 beyond.");
  keys.integer("outbound.timeout_ms", "10000", 100, kHourMs,
               "Time for a request to another server, with its repetitions, where the plugin says "
               "nothing else.");
  keys.integer("outbound.failures_max", "5", 1, 1000,
               "Failures in a row after which another server is left alone for a while.");
  keys.integer("outbound.pause_ms", "30000", 100, kHourMs,
               "How long a server is left alone that kept failing.");
}

}  // namespace

void add_host_keys(Configuration& configuration) {
  HostKeys keys(configuration);
  add_address_keys(keys);
  add_http_limits(keys);
  add_database_keys(keys);
  add_event_keys(keys);
  add_outbound_keys(keys);
  add_plugin_keys(keys);
  add_process_keys(keys);
}

}  // namespace calixo::host
