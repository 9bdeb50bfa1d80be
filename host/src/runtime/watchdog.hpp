// Names the fiber that held a loop for longer than a threshold, and gives up a loop that is held
// beyond all measure: one thread watching all loops.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/event_loop.hpp"

namespace calixo::host {

class Watchdog {
 public:
  // Once for each time a loop was held; label is the fiber's, or "loop". [watchdog thread]
  using Report = std::function<void(std::string_view label, std::chrono::milliseconds held)>;

  struct Limits {
    std::chrono::milliseconds threshold{50};
    std::chrono::milliseconds stuck{0};  // 0: never
  };

  // on_stuck: once for a hold that lasts for limits.stuck; the loop's thread then tells about
  // itself as crash_report.hpp says.
  Watchdog(std::vector<EventLoop*> loops, const Limits& limits, Report on_blocked,
           Report on_stuck = {});
  Watchdog(std::vector<EventLoop*> loops, std::chrono::milliseconds threshold, Report report)
      : Watchdog(std::move(loops), Limits{threshold}, std::move(report)) {}
  ~Watchdog();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calixo::host
