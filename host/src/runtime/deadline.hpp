// A point on the monotonic clock after which nobody waits any more. A plain value.
#pragma once

#include <chrono>

namespace calixo::host {

using MonotonicClock = std::chrono::steady_clock;

class Deadline {
 public:
  static constexpr Deadline never() { return Deadline(MonotonicClock::time_point::max()); }
  static Deadline in(std::chrono::milliseconds duration) {
    return Deadline(MonotonicClock::now() + duration);
  }
  constexpr explicit Deadline(MonotonicClock::time_point at) : at_(at) {}

  MonotonicClock::time_point at() const { return at_; }
  bool is_never() const { return at_ == MonotonicClock::time_point::max(); }
  bool has_passed() const { return !is_never() && MonotonicClock::now() >= at_; }
  Deadline sooner(Deadline other) const { return at_ < other.at_ ? *this : other; }

 private:
  MonotonicClock::time_point at_;
};

}  // namespace calixo::host
