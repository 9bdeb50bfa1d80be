// The parent process of `serve`: holds the listening socket and the embedded PostgreSQL, keeps one
// worker process running, replaces it when it crashes or a loop of it is stuck, and, without losing
// a request, on SIGHUP or `calixo reload`; ends all on SIGTERM or SIGINT.
//
//   supervisor.cpp          start, end, signals, the one wait
//   supervisor_workers.cpp  what becomes of workers: readiness, crashes, replacement
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/control_socket.hpp"
#include "app/crash_ledger.hpp"
#include "app/installation.hpp"
#include "app/listener.hpp"
#include "app/signal_descriptor.hpp"
#include "app/worker_process.hpp"
#include "db/embedded_cluster.hpp"

namespace calixo::host {

class Supervisor {
 public:
  explicit Supervisor(Sources sources);
  ~Supervisor();

  // Until it is told to end. The process's exit status. Blocks the calling (main) thread.
  int run();

 private:
  using Clock = std::chrono::steady_clock;
  // Why a second worker was started beside the one that serves.
  enum class Reason { reload, stuck };

  void open_database();
  void open_control();
  void print_banner(const WorkerProcess& worker);
  void handle_signal(int number);
  void begin_end(int exit_status);
  bool has_ended() const { return is_ending_ && !worker_ && !successor_ && retiring_.empty(); }
  int wait_milliseconds() const;
  void wait_for_events();
  void act_on_time();
  void reap_children();
  std::chrono::milliseconds end_patience() const;  // of a worker that is to end

  std::unique_ptr<WorkerProcess> make_worker(const PluginHistory& history) const;
  void start_worker();
  void read_reports();
  void successor_ready();
  void worker_ended(int wait_status);
  void worker_crashed(const WorkerProcess& ended, int wait_status);
  bool worker_refused(const WorkerProcess& ended, int wait_status);
  void successor_ended(int wait_status);
  void replace_stuck_worker();
  void note_fault(const char* event, const WorkerProcess& worker, const WorkerTold::Fault* fault,
                  const std::string& how);
  void restart_later();

  // Empty: it has begun; else why not.
  std::string reload();
  void end_reload(bool is_done, const std::string& text);
  // What the new files say and only a restart would change; empty: nothing.
  std::string kept_until_restart(const Configuration& wanted) const;

  Sources sources_;
  std::unique_ptr<Configuration> configuration_;         // as the server started
  std::unique_ptr<Configuration> wanted_configuration_;  // of the reload under way
  std::unique_ptr<EmbeddedCluster> cluster_;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<ControlSocket> control_;
  std::unique_ptr<SignalDescriptor> signals_;
  std::unique_ptr<WorkerProcess> worker_;     // serves, or is to
  std::unique_ptr<WorkerProcess> successor_;  // started beside it, not ready yet
  Reason successor_reason_ = Reason::reload;
  std::vector<std::unique_ptr<WorkerProcess>> retiring_;  // replaced, drain
  CrashLedger crashes_;
  std::chrono::milliseconds drain_timeout_{0};
  bool was_banner_printed_ = false;
  bool is_worker_stuck_ = false;  // and noted as such
  bool is_ending_ = false;
  int exit_status_ = 0;
  int restarts_in_a_row_ = 0;
  std::optional<Clock::time_point> restart_at_;
};

}  // namespace calixo::host
