// stack: how deep each handler goes, in whole pages; a warning above half of what a fiber has.
#include <algorithm>

#include "app/validate/request_maker.hpp"
#include "app/validate/route_runs.hpp"

namespace calixo::host {
namespace {

std::string kib(std::size_t bytes) { return std::to_string(bytes / 1024) + " KiB"; }

// The deepest of a few valid and a few extreme requests.
std::size_t deepest(const RegisteredRoute& route, const CheckInput& input, Bench& bench,
                    CheckReport& report) {
  std::size_t most = 0;
  for (const InputKind kind : kInputKinds) {
    Chance chance(input.seed);
    run_under({}, make_request(route, kind, chance), bench, report);
    for (const Visit& visit : bench.visits()) most = std::max(most, visit.stack_bytes);
  }
  return most;
}

}  // namespace

void check_stack(const CheckInput& input, CheckReport& report) {
  Bench bench(input);
  bench.measure_stacks(true);
  const auto limit = static_cast<std::size_t>(
      bench.life().installation().configuration().get_int("runtime.fiber_stack_bytes"));
  std::size_t most = 0;
  std::string deepest_subject = "none";
  for (const RegisteredRoute* route : bench.routes()) {
    const std::string subject = subject_of(*route);
    if (input.is_skipped(subject)) continue;
    report.begin_case(subject, "measured");
    const std::size_t bytes = deepest(*route, input, bench, report);
    if (bytes > limit / 2) {
      report.finding({subject, "its handler takes " + kib(bytes) + " of " + kib(limit) + " stack",
                      std::string(find_check("stack")->crash_hint), true});
    }
    if (bytes > most) deepest_subject = subject;
    most = std::max(most, bytes);
  }
  report.summary("at most " + kib(most) + " of " + kib(limit) + ", by " + deepest_subject);
}

}  // namespace calixo::host
