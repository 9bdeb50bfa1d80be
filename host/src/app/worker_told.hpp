// What a worker process tells its supervisor: lines over a pipe, fields between tabs. Of a crash
// tells runtime/crash_report.hpp, on the same pipe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/left_out.hpp"

namespace calixo::host {

// The worker's side. A line goes out whole; one that nobody reads any more is dropped. [any-thread]
class WorkerReport {
 public:
  explicit WorkerReport(int descriptor) : descriptor_(descriptor) {}
  void ready() const { write("ready", {}); }
  // For the operator's terminal, once the worker is ready.
  void notice(const std::string& line) const { write("notice", {line}); }
  // Why it does not start.
  void refused(const std::string& reason) const { write("refused", {reason}); }
  // Before a plugin's library is opened, and again once its id is known.
  void plugin(const std::string& enabled_as, const std::string& id, bool is_required) const;
  void route(const std::string& id, const std::string& method, const std::string& path) const;

 private:
  void write(std::string_view kind, const std::vector<std::string>& fields) const;
  int descriptor_;
};

// The supervisor's side: all that one worker told so far.
class WorkerTold {
 public:
  struct Plugin : LeftOut {
    bool is_required = true;
  };
  // A crash, or a loop that is held beyond all measure.
  struct Fault {
    std::string what;   // "invalid memory access"
    std::string label;  // "plank POST /api/plank"
  };

  // Takes whole lines out of the text.
  void take(std::string& text);

  bool is_ready() const { return is_ready_; }
  const std::vector<std::string>& notices() const { return notices_; }
  const std::vector<std::string>& refusals() const { return refusals_; }
  const std::optional<Fault>& crash() const { return crash_; }
  const std::optional<Fault>& held() const { return held_; }
  // The plugin whose code the fault's thread was in, else the one that its label names; nullptr
  // where it was the server's own. Good until the next take().
  const Plugin* blamed(const Fault& fault) const;

 private:
  void take_line(std::string_view line);
  void take_plugin(const std::vector<std::string>& fields);
  const Plugin* find(std::string_view name) const;

  bool is_ready_ = false;
  std::vector<std::string> notices_, refusals_;
  std::vector<Plugin> plugins_;
  std::size_t route_count_ = 0;
  std::optional<Fault> crash_, held_;
  std::string culprit_;
};

}  // namespace calixo::host
