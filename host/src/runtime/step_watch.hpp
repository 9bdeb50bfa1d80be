// Bounds a step that nothing can interrupt, such as a plugin's start: one that does not come to its
// end in time is named and the process ends, for whoever started it to go on from there.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "runtime/crash_report.hpp"

namespace calixo::host {

class StepWatch {
 public:
  // label: "plank start". From here to the destructor, on one thread.
  StepWatch(std::string label, std::chrono::milliseconds limit);
  ~StepWatch();
  StepWatch(const StepWatch&) = delete;
  StepWatch& operator=(const StepWatch&) = delete;

 private:
  void watch(std::chrono::milliseconds limit);

  const std::string label_;
  const crash_report::Scope scope_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_ended_ = false;
  std::thread thread_;
};

}  // namespace calixo::host
