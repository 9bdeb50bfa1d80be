// cancellation: every request is cancelled at each of its waits, by the host's own means.
#include "app/validate/route_runs.hpp"

namespace calixo::host {
namespace {

std::size_t cancel_route(const RegisteredRoute& route, const CheckInput& input, Bench& bench,
                         CheckReport& report) {
  const std::string subject = subject_of(route);
  report.begin_case(subject);
  RouteRun plain;
  const BenchRequest request = plain_request(route, input, bench, report, plain);
  std::size_t count = 0;
  for (std::size_t index = 0; index < plain.trace.calls.size(); ++index) {
    const HostCall& call = *plain.trace.calls[index];
    if (!call.waits) continue;
    const std::string what = "cancelled at " + std::string(call.name) + ", host call " +
                             std::to_string(index + 1) + " of the request";
    report.begin_case(subject, what);
    CallScript script;
    script.cancel_at = index;
    const RouteRun run = run_under(script, request, bench, report);
    if (!run.trace.has_acted) continue;
    ++count;
    look_at_leaks(run, subject, what, report);
  }
  return count;
}

}  // namespace

void check_cancellation(const CheckInput& input, CheckReport& report) {
  Bench bench(input);
  std::size_t count = 0;
  for (const RegisteredRoute* route : bench.routes()) {
    if (!input.is_skipped(subject_of(*route))) count += cancel_route(*route, input, bench, report);
  }
  report.summary(std::to_string(count) + " cancelled waits");
}

}  // namespace calixo::host
