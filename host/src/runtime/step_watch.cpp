#include "runtime/step_watch.hpp"

#include <utility>

namespace calixo::host {

StepWatch::StepWatch(std::string label, std::chrono::milliseconds limit)
    : label_(std::move(label)), scope_(label_), thread_([this, limit] { watch(limit); }) {}

StepWatch::~StepWatch() {
  {
    const std::lock_guard lock(mutex_);
    is_ended_ = true;
  }
  ended_.notify_one();
  thread_.join();
}

void StepWatch::watch(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  if (ended_.wait_for(lock, limit, [this] { return is_ended_; })) return;
  crash_report::give_up("no end after " + std::to_string(limit.count()) + " ms", label_);
}

}  // namespace calixo::host
