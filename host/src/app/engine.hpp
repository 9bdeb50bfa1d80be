// Everything that runs but sockets: event loops on their threads, worker threads, the watchdog, the
// database and the started plugins. The worker process adds the HTTP server; a command of a plugin
// runs on an engine alone.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/installation.hpp"
#include "db/database.hpp"
#include "events/dispatcher.hpp"
#include "http/client/outbound_client.hpp"
#include "runtime/event_loop.hpp"
#include "runtime/watchdog.hpp"
#include "runtime/worker_pool.hpp"

namespace calixo::host {

class Engine {
 public:
  // What the watchdog finds, besides the line that the engine logs. [watchdog thread]
  struct LoopEvents {
    std::function<void()> on_held;   // a loop is held for longer than a moment
    std::function<void()> on_stuck;  // beyond runtime.loop_stuck_limit_ms
  };

  // Starts loops and threads; loops 0: one a core.
  Engine(Installation& installation, std::string database_url, std::size_t loops,
         LoopEvents events = {});
  ~Engine();  // stops what still runs

  // Configures, migrates and starts the plugins. Throws std::runtime_error naming what failed.
  void start();
  // Delivers events and runs jobs from now on, until stop. After start; a command's engine doesn't.
  void start_dispatcher();
  // Ends deliveries and runs, then drains and stops plugins, database, loops and threads.
  void stop();

  const std::vector<EventLoop*>& loops() const { return loop_list_; }
  WorkerPool& workers() { return *workers_; }
  Database& database() { return *database_; }
  const OutboundClient& outbound() const { return *outbound_; }
  WorkSignals& signals() { return *outbox_->signals(); }  // from start on
  const Dispatcher* dispatcher() const { return dispatcher_.get(); }

 private:
  void start_loops(std::size_t count);
  void start_watchdog();
  void migrate();
  void introduce_work();
  void throw_fatal_failures() const;

  Installation& installation_;
  LoopEvents events_;
  std::string database_url_;
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::vector<EventLoop*> loop_list_;
  std::vector<std::thread> threads_;
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<OutboundClient> outbound_;
  std::unique_ptr<Watchdog> watchdog_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<Database> work_database_;  // connections of deliveries and runs
  std::unique_ptr<Dispatcher> dispatcher_;
  bool is_stopped_ = false;
};

}  // namespace calixo::host
