#include "http/client/circuit_breakers.hpp"

namespace calixo::host {

bool CircuitBreakers::may_try(const std::string& server, Time now) {
  const std::lock_guard lock(mutex_);
  const auto found = failing_.find(server);
  if (found == failing_.end() || found->second.failures < options_.failures_max) return true;
  State& state = found->second;
  if (now < state.closed_until || state.is_probing) return false;
  return state.is_probing = true;
}

void CircuitBreakers::succeeded(const std::string& server) {
  const std::lock_guard lock(mutex_);
  failing_.erase(server);
}

void CircuitBreakers::failed(const std::string& server, Time now) {
  const std::lock_guard lock(mutex_);
  if (failing_.size() >= options_.servers_max && !failing_.contains(server)) return;
  State& state = failing_[server];
  ++state.failures;
  state.is_probing = false;
  state.closed_until = now + options_.pause;
}

void CircuitBreakers::learnt_nothing(const std::string& server) {
  const std::lock_guard lock(mutex_);
  if (const auto found = failing_.find(server); found != failing_.end()) {
    found->second.is_probing = false;
  }
}

}  // namespace calixo::host
