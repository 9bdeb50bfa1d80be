// Which plugin crashed when, and which of them the next worker starts without. Used by the
// supervisor's one thread.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "app/left_out.hpp"
#include "app/worker_told.hpp"

namespace calixo::host {

class CrashLedger {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::seconds kWindow{60};
  static constexpr int kCrashesMax = 3;  // within the window; with that many it is left out

  struct Entry {
    int within_window = 0;
    bool is_left_out = false;  // from now on
  };
  // Notes a crash. A required plugin is counted and never left out.
  Entry add(const WorkerTold::Plugin& plugin, TimePoint now);

  bool has_left_out() const { return !left_out_.empty(); }
  // The others don't start without them: they are let in again, and stay so.
  void let_in_for_good();
  // The operator changed something: all may try again. Totals stay.
  void forget();

  PluginHistory history(TimePoint now) const;

 private:
  struct Crashes {
    std::deque<TimePoint> recent;
    int total = 0;
  };
  std::map<std::string, Crashes> crashes_;   // by id
  std::map<std::string, LeftOut> left_out_;  // by id
  std::set<std::string> indispensable_;
};

}  // namespace calixo::host
