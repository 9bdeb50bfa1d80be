// Leaves a server alone for a while that failed again and again. [any-thread]
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "runtime/deadline.hpp"

namespace calixo::host {

class CircuitBreakers {
 public:
  struct Options {
    unsigned failures_max = 5;  // in a row
    std::chrono::milliseconds pause{30'000};
    std::size_t servers_max = 1000;  // that fail at one time; further ones are not watched
  };
  explicit CircuitBreakers(const Options& options) : options_(options) {}

  using Time = MonotonicClock::time_point;

  // Whether the server may be asked now; after a pause it is one request at a time. Where it is
  // true, exactly one of the three below has to follow.
  bool may_try(const std::string& server, Time now);
  void succeeded(const std::string& server);
  void failed(const std::string& server, Time now);
  void learnt_nothing(const std::string& server);  // the caller ended it

 private:
  struct State {
    unsigned failures = 0;
    Time closed_until{};
    bool is_probing = false;
  };

  const Options options_;
  std::mutex mutex_;
  std::map<std::string, State> failing_;
};

}  // namespace calixo::host
