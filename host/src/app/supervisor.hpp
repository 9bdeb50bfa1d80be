// The parent process of `serve`: holds the listening socket and the embedded PostgreSQL, keeps one
// worker process running, replaces it when it crashes and, without losing a request, on SIGHUP;
// ends all on SIGTERM or SIGINT.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/child_process.hpp"
#include "app/installation.hpp"
#include "app/listener.hpp"
#include "db/embedded_cluster.hpp"

namespace calixo::host {

class Supervisor {
 public:
  explicit Supervisor(Sources sources);
  ~Supervisor();

  // Until it is told to end. The process's exit status. Blocks the calling (main) thread.
  int run();

 private:
  // A worker process and what it told so far.
  struct Worker {
    explicit Worker(const ChildProcess::Options& options) : process(options) {}
    ChildProcess process;
    std::string unread;  // of its report, without a line's end yet
    std::vector<std::string> notices;
    bool is_ready = false;
    std::chrono::steady_clock::time_point started_at = std::chrono::steady_clock::now();
  };

  void open_database();
  std::unique_ptr<Worker> make_worker() const;
  void read_reports();
  void read_report(Worker& worker);
  void worker_ready(Worker& worker);
  void promote_successor();
  void print_banner(const Worker& worker);
  void handle_signal(int number);
  void reload();
  void reap_children();
  void worker_ended(int wait_status);
  void successor_ended(int wait_status);
  void begin_end(int exit_status);
  bool has_ended() const { return is_ending_ && !worker_ && !successor_ && retiring_.empty(); }
  int wait_milliseconds() const;
  void act_on_time();
  void kill_all();

  Sources sources_;
  Configuration configuration_;
  std::unique_ptr<EmbeddedCluster> cluster_;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<Worker> worker_;                 // serves
  std::unique_ptr<Worker> successor_;              // started by a reload, not ready yet
  std::vector<std::unique_ptr<Worker>> retiring_;  // replaced by a reload, drain
  bool was_banner_printed_ = false;
  bool is_ending_ = false;
  int exit_status_ = 0;
  int crashes_in_a_row_ = 0;
  std::optional<std::chrono::steady_clock::time_point> restart_at_;
  std::optional<std::chrono::steady_clock::time_point> kill_at_;
};

}  // namespace calixo::host
