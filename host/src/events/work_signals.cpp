#include "events/work_signals.hpp"

namespace calixo::host {

void WorkSignals::announce(const std::string& signal) {
  {
    const std::lock_guard lock(mutex_);
    wake_locked(signal);
    outgoing_.insert(signal);
  }
  outgoing_wake_.set();
}

void WorkSignals::wake(std::string_view signal) {
  const std::lock_guard lock(mutex_);
  wake_locked(signal);
}

void WorkSignals::wake_locked(std::string_view signal) {
  if (signal.empty()) {
    for (const auto& [name, lane] : lanes_) lane->set();
    return;
  }
  const auto [first, last] = lanes_.equal_range(signal);
  for (auto lane = first; lane != last; ++lane) lane->second->set();
}

void WorkSignals::add(const std::string& signal, std::shared_ptr<WakeUp> lane) {
  const std::lock_guard lock(mutex_);
  lanes_.emplace(signal, std::move(lane));
}

std::vector<std::string> WorkSignals::take_outgoing() {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> taken(outgoing_.begin(), outgoing_.end());
  outgoing_.clear();
  return taken;
}

}  // namespace calixo::host
