#include "app/engine.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "events/work_options.hpp"
#include "log/log.hpp"
#include "plugin/work_kinds.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kStacksMax = 30'000;
constexpr std::size_t kTransactionsInAll = 16, kTransactionsPerLoopMin = 4;

// Few loops want more each: commits that wait for the disk together share its one flush.
std::size_t transactions_per_loop(const Configuration& configuration, std::size_t loops) {
  const std::int64_t wanted = configuration.get_int("database.transactions_per_loop_max");
  if (wanted > 0) return static_cast<std::size_t>(wanted);
  return std::max(kTransactionsPerLoopMin, kTransactionsInAll / loops);
}

DatabaseOptions database_options(const Configuration& configuration, const std::string& url,
                                 std::size_t loops) {
  DatabaseOptions options;
  options.url = url;
  options.pipelines_per_loop =
      static_cast<std::size_t>(configuration.get_int("database.pipelines_per_loop"));
  options.transactions_per_loop_max = transactions_per_loop(configuration, loops);
  options.statement_deadline =
      std::chrono::milliseconds(configuration.get_int("database.statement_deadline_ms"));
  return options;
}

OutboundClient::Options outbound_options(const Configuration& configuration) {
  OutboundClient::Options options;
  options.in_flight_max = static_cast<std::size_t>(configuration.get_int("outbound.in_flight_max"));
  options.timeout = std::chrono::milliseconds(configuration.get_int("outbound.timeout_ms"));
  options.ca_file = configuration.get_text("outbound.ca_file");
  options.circuit.failures_max =
      static_cast<unsigned>(configuration.get_int("outbound.failures_max"));
  options.circuit.pause = std::chrono::milliseconds(configuration.get_int("outbound.pause_ms"));
  return options;
}

}  // namespace

Engine::Engine(Installation& installation, std::string database_url, std::size_t loops,
               LoopEvents events)
    : installation_(installation),
      events_(std::move(events)),
      database_url_(std::move(database_url)) {
  const Configuration& configuration = installation_.configuration();
  workers_ = std::make_unique<WorkerPool>(WorkerPool::Options{
      "worker", static_cast<std::size_t>(configuration.get_int("runtime.worker_threads")), 1024});
  outbound_ = std::make_unique<OutboundClient>(outbound_options(configuration));
  start_loops(loops != 0 ? loops : std::max(1u, std::thread::hardware_concurrency()));
  start_watchdog();
  installation_.context().workers = workers_.get();
  installation_.context().outbound = outbound_.get();
}

Engine::~Engine() { stop(); }

void Engine::start_loops(std::size_t count) {
  const Configuration& configuration = installation_.configuration();
  EventLoop::Options options;
  options.fiber_stack_bytes =
      static_cast<std::size_t>(configuration.get_int("runtime.fiber_stack_bytes"));
  // Each stack takes two of the 65,530 memory mappings that Linux grants a process.
  options.fibers_max = std::min(
      static_cast<std::size_t>(configuration.get_int("runtime.fibers_max")), kStacksMax / count);
  for (std::size_t i = 0; i < count; ++i) {
    loops_.push_back(std::make_unique<EventLoop>(options));
    loop_list_.push_back(loops_.back().get());
    threads_.emplace_back([loop = loops_.back().get()] { loop->run(); });
  }
}

void Engine::start_watchdog() {
  const Configuration& configuration = installation_.configuration();
  Watchdog::Limits limits;
  limits.threshold =
      std::chrono::milliseconds(configuration.get_int("runtime.watchdog_threshold_ms"));
  limits.stuck = std::chrono::milliseconds(configuration.get_int("runtime.loop_stuck_limit_ms"));
  const auto fields = [](std::string_view label, std::chrono::milliseconds held) {
    return std::array<log::Field, 2>{log::Field("by", label),
                                     log::Field("held_ms", static_cast<long long>(held.count()))};
  };
  watchdog_ = std::make_unique<Watchdog>(
      loop_list_, limits,
      [this, fields](std::string_view label, std::chrono::milliseconds held) {
        log::write(log::Level::warn, "loop blocked", fields(label, held));
        if (events_.on_held) events_.on_held();
      },
      [this, fields](std::string_view label, std::chrono::milliseconds held) {
        log::write(log::Level::error, "loop stuck", fields(label, held));
        if (events_.on_stuck) events_.on_stuck();
      });
}

void Engine::throw_fatal_failures() const {
  std::string all;
  for (const std::string& reason : installation_.plugins().fatal_failures()) {
    all += (all.empty() ? "" : "\n") + reason;
  }
  if (!all.empty()) throw std::runtime_error(all);
}

// A plugin whose files can't be applied fails; without it the others are migrated all the same.
void Engine::migrate() {
  for (;;) {
    Migrator migrator(database_url_, installation_.migration_sets());
    try {
      const Migrator::Report report = migrator.up([](const MigrationRow& row) {
        log::info("migration applied",
                  {{"plugin", row.plugin}, {"file", row.name}, {"took_ms", row.took_ms}});
      });
      return installation_.plugins().take_grant_refusals(report.refused);
    } catch (const MigrationError& error) {
      const bool is_one_plugins = !error.plugin.empty() && error.plugin != "host";
      if (!is_one_plugins) throw;
      installation_.plugins().refuse(error.plugin, std::string("migrate: ") + error.what());
      throw_fatal_failures();
    }
  }
}

void Engine::start() {
  installation_.plugins().configure();
  throw_fatal_failures();
  migrate();
  throw_fatal_failures();
  database_ = std::make_unique<Database>(
      database_options(installation_.configuration(), database_url_, loops_.size()), loop_list_);
  installation_.context().database = database_.get();
  introduce_work();
  installation_.plugins().start();
  throw_fatal_failures();
}

// Before the plugins start: what one publishes then already has its subscribers.
void Engine::introduce_work() {
  const WorkOptions options = work_options(installation_.configuration());
  outbox_ = std::make_unique<Outbox>(*database_, options);
  const auto& plugins = installation_.plugins().plugins();
  outbox_->introduce(subscriptions_of(plugins, options), jobs_of(plugins, options));
  installation_.context().outbox = outbox_.get();
}

void Engine::start_dispatcher() {
  const Configuration& configuration = installation_.configuration();
  DatabaseOptions options = database_options(configuration, database_url_, loops_.size());
  options.pipelines_per_loop = 1;
  options.transactions_per_loop_max =
      static_cast<std::size_t>(configuration.get_int("events.transactions_per_loop_max"));
  work_database_ = std::make_unique<Database>(options, loop_list_);
  const auto& plugins = installation_.plugins().plugins();
  Dispatcher::Sources sources;
  sources.database_url = database_url_;
  sources.database = work_database_.get();
  sources.outbox = outbox_.get();
  sources.loops = loop_list_;
  sources.subscribers = subscriptions_of(plugins, outbox_->options());
  sources.jobs = jobs_of(plugins, outbox_->options());
  sources.ears = ears_of(plugins);
  dispatcher_ = std::make_unique<Dispatcher>(std::move(sources));
}

void Engine::stop() {
  if (is_stopped_) return;
  is_stopped_ = true;
  if (dispatcher_) {
    dispatcher_->drain(
        std::chrono::milliseconds(installation_.configuration().get_int("http.drain_timeout_ms")));
  }
  installation_.plugins().drain();
  installation_.plugins().stop();
  installation_.context().database = nullptr;
  installation_.context().outbox = nullptr;
  if (work_database_) work_database_->drain();
  if (database_) database_->drain();
  watchdog_.reset();
  for (EventLoop* loop : loop_list_) loop->stop();
  for (std::thread& thread : threads_) thread.join();
  dispatcher_.reset();
  work_database_.reset();
  outbox_.reset();
  database_.reset();
  installation_.context().outbound = nullptr;
  outbound_.reset();
  installation_.context().workers = nullptr;
  workers_.reset();
}

}  // namespace calixo::host
