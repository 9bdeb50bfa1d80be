// `calixo dev`: builds a plugin project, serves it, builds and reloads when a source changes. What
// does not build or start leaves the server as it was. Of one thread, which it blocks.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/dev/dev_project.hpp"
#include "app/dev/source_watch.hpp"
#include "app/dev/subprocess.hpp"

namespace calixo::host {

class DevSession {
 public:
  struct Options {
    DevProject project;
    std::vector<std::string> serve_options;  // of `calixo serve`, beside plugins.enabled
    std::vector<std::string> enabled;        // the other plugins
    std::function<void(std::string_view line)> say;
  };
  explicit DevSession(Options options);
  ~DevSession();  // ends the server in order, and a build at once

  // Until Interrupt::is_requested().
  void run();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Step { idle, configuring, building };

  void wait();
  int wait_ms() const;
  void take_changes();
  void begin_build();
  void end_step(int wait_status);
  void serve();
  void start_server(const std::vector<std::filesystem::path>& libraries);
  void reload();
  void read_server();
  void take_line(const std::string& line);
  void look_at_server();
  void end_server();

  Options options_;
  SourceWatch watch_;
  Step step_ = Step::idle;
  std::unique_ptr<Subprocess> build_;
  std::optional<Clock::time_point> first_change_, last_change_;  // not built yet

  std::unique_ptr<Subprocess> server_;
  std::vector<std::filesystem::path> served_;
  int server_output_ = -1;
  std::string unread_;
  bool is_ready_ = false;
  bool is_reloading_ = false;
  bool wants_reload_ = false;  // a build came while the last one was being loaded
};

}  // namespace calixo::host
