// loop: whether a handler holds its event loop for longer than runtime.watchdog_threshold_ms.
#include <algorithm>
#include <mutex>
#include <utility>

#include "app/validate/route_runs.hpp"
#include "runtime/watchdog.hpp"

namespace calixo::host {
namespace {

constexpr int kTimes = 3;  // a machine under load may hold a loop once, not each time

// What the watchdog saw since it was last asked.
class Sightings {
 public:
  void add(std::chrono::milliseconds held) {
    const std::lock_guard lock(mutex_);
    longest_ = std::max(longest_, held);
  }
  std::chrono::milliseconds take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(longest_, std::chrono::milliseconds(0));
  }

 private:
  std::mutex mutex_;
  std::chrono::milliseconds longest_{0};
};

void look_at(const RegisteredRoute& route, const CheckInput& input, Bench& bench,
             Sightings& sightings, std::chrono::milliseconds threshold, CheckReport& report) {
  const std::string subject = subject_of(route);
  report.begin_case(subject);
  RouteRun plain;
  const BenchRequest request = plain_request(route, input, bench, report, plain);
  for (int i = 0; i < kTimes; ++i) {
    sightings.take();
    run_under({}, request, bench, report);
    if (sightings.take().count() == 0) return;
  }
  report.finding({subject,
                  "its handler held the event loop for more than " +
                      std::to_string(threshold.count()) + " ms, " + std::to_string(kTimes) +
                      " times of " + std::to_string(kTimes) +
                      ": every other request of that loop waits meanwhile",
                  "wait through the host's calls; computation goes into run_blocking, code that "
                  "blocks into a route with exec_thread"});
}

}  // namespace

void check_loop(const CheckInput& input, CheckReport& report) {
  Bench bench(input);
  Sightings sightings;
  const std::chrono::milliseconds threshold(
      bench.life().installation().configuration().get_int("runtime.watchdog_threshold_ms"));
  const Watchdog watchdog(
      bench.life().engine().loops(), threshold,
      [&](std::string_view, std::chrono::milliseconds held) { sightings.add(held); });
  std::size_t count = 0;
  for (const RegisteredRoute* route : bench.routes()) {
    if (input.is_skipped(subject_of(*route)) || route->route.exec_thread) continue;
    look_at(*route, input, bench, sightings, threshold, report);
    ++count;
  }
  report.summary(std::to_string(count) + " routes, none above " +
                 std::to_string(threshold.count()) + " ms");
}

}  // namespace calixo::host
