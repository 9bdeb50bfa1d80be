// A point on the monotonic clock after which nobody waits any more. A plain value.
#pragma once

#include <chrono>

namespace calixo::host {

using MonotonicClock = std::chrono::steady_clock;

class Deadline {
 public:
  static constexpr Deadline never() { return Deadline(MonotonicClock::time_point::max()); }
  // A duration too long for the clock means never.
  static Deadline in(std::chrono::milliseconds duration) {
    const MonotonicClock::time_point now = MonotonicClock::now();
    using Milliseconds = std::chrono::milliseconds;
    const auto room = std::chrono::floor<Milliseconds>(MonotonicClock::time_point::max() - now);
    return duration >= room ? never() : Deadline(now + duration);
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
