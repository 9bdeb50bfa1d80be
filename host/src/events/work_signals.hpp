// Who is to look for work when: publishers announce a topic or a job, lanes of this process wake at
// once, and what was announced is gathered for the other processes.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "events/wake_up.hpp"

namespace calixo::host {

class WorkSignals {
 public:
  // There is new, committed work. [any-thread]
  void announce(const std::string& signal);
  // The same, told by another process. An empty signal wakes all. [any-thread]
  void wake(std::string_view signal);

  // Wakes `lane` at that signal from now on. [any-thread]
  void add(const std::string& signal, std::shared_ptr<WakeUp> lane);

  // What was announced since the last call; set is called on `outgoing` when there is more.
  std::vector<std::string> take_outgoing();  // [any-thread]
  WakeUp& outgoing() { return outgoing_wake_; }

 private:
  void wake_locked(std::string_view signal);

  std::mutex mutex_;
  std::multimap<std::string, std::shared_ptr<WakeUp>, std::less<>> lanes_;
  std::set<std::string> outgoing_;  // bounded by the names that plugins register
  WakeUp outgoing_wake_;
};

}  // namespace calixo::host
