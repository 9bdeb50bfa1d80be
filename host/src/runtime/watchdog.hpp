// Names the fiber that held a loop for longer than a threshold: one thread watching all loops.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "runtime/event_loop.hpp"

namespace calixo::host {

class Watchdog {
 public:
  // Once for each time a loop was held; label is the fiber's, or "loop". [watchdog thread]
  using Report = std::function<void(std::string_view label, std::chrono::milliseconds held)>;

  Watchdog(std::vector<EventLoop*> loops, std::chrono::milliseconds threshold, Report report);
  ~Watchdog();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calixo::host
