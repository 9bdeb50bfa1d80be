// catch: two requests of a route run interleaved, each standing at a wait while the other goes on,
// also after a host call that failed, so that waits in catch blocks meet. One that got the other's
// exception answers for it, or ends the process.
#include <algorithm>

#include "app/validate/request_maker.hpp"
#include "app/validate/route_runs.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kFailingCallsMax = 8;

bool has_waits(const CallTrace& trace) {
  return std::any_of(trace.calls.begin(), trace.calls.end(),
                     [](const HostCall* call) { return call->waits; });
}

// A valid request whose body or target is another's than that of `first`.
BenchRequest other_request(const BenchRequest& first, const CheckInput& input) {
  BenchRequest other;
  for (std::uint64_t i = 1; i <= 20; ++i) {
    Chance chance(input.seed + 1000 * i);
    other = make_request(*first.route, InputKind::valid, chance);
    if (other.body != first.body || other.target != first.target) return other;
  }
  return other;
}

struct Pair {
  BenchAnswer first, second;
};

Pair alone(const CallScript& script, const BenchRequest& first, const BenchRequest& second,
           Bench& bench, CheckReport& report) {
  return {run_under(script, first, bench, report).answer,
          run_under(script, second, bench, report).answer};
}

Pair together(CallScript script, const BenchRequest& first, const BenchRequest& second,
              Bench& bench, CheckReport& report) {
  script.meets = true;
  HostCalls::instance().begin(script);
  const auto answers = bench.call_together({first, second});
  HostCalls::instance().end();
  if (!answers) {
    report.finding({subject_of(*first.route), "two requests that wait for each other do not return",
                    std::string(kReturnHint)});
    report.abandon();
  }
  return {answers->at(0), answers->at(1)};
}

// What shows that a request went on with the other's exception; empty: nothing.
std::string confusion(const Pair& apart, const Pair& met) {
  const bool is_telling = apart.first.body != apart.second.body;
  if (is_telling && met.first.body == apart.second.body && met.second.body == apart.first.body) {
    return "each answered for the other";
  }
  if (is_telling && (met.first.body == apart.second.body || met.second.body == apart.first.body) &&
      (met.first.status == apart.second.status || met.second.status == apart.first.status)) {
    return "one answered for the other";
  }
  const auto broke = [](const BenchAnswer& before, const BenchAnswer& after) {
    return before.status > 0 && before.status < 500 && (after.status >= 500 || after.status == 0);
  };
  if (broke(apart.first, met.first) || broke(apart.second, met.second)) {
    return "one that succeeds alone is answered " +
           std::to_string(std::max(met.first.status, met.second.status));
  }
  return {};
}

void interleave(const CallScript& script, const BenchRequest& first, const BenchRequest& second,
                const std::string& what, Bench& bench, CheckReport& report) {
  constexpr int kTimes = 2;  // once may be the database's doing
  report.begin_case(subject_of(*first.route), what);
  std::string found;
  for (int i = 0; i < kTimes; ++i) {
    const Pair apart = alone(script, first, second, bench, report);
    found = confusion(apart, together(script, first, second, bench, report));
    if (found.empty()) return;
  }
  report.finding({subject_of(*first.route), what + ": " + found,
                  std::string(find_check("catch")->crash_hint)});
}

std::size_t interleave_route(const RegisteredRoute& route, const CheckInput& input, Bench& bench,
                             CheckReport& report) {
  const std::string subject = subject_of(route);
  report.begin_case(subject);
  RouteRun plain;
  const BenchRequest first = plain_request(route, input, bench, report, plain);
  if (!has_waits(plain.trace)) return 0;
  const BenchRequest second = other_request(first, input);
  interleave({}, first, second, "two requests, each waiting while the other goes on", bench,
             report);
  std::size_t count = 1;
  const std::size_t calls = std::min(plain.trace.calls.size(), kFailingCallsMax);
  for (std::size_t index = 0; index < calls; ++index) {
    const HostCall& call = *plain.trace.calls[index];
    CallScript script;
    script.fail_at = index;
    script.status = call.failures.back();
    interleave(script, first, second, "two requests, " + failing_text(call, index, script.status),
               bench, report);
    ++count;
  }
  return count;
}

}  // namespace

void check_catch(const CheckInput& input, CheckReport& report) {
  Bench bench(input);
  std::size_t count = 0;
  for (const RegisteredRoute* route : bench.routes()) {
    if (!input.is_skipped(subject_of(*route))) {
      count += interleave_route(*route, input, bench, report);
    }
  }
  report.summary(std::to_string(count) + " pairs of requests interleaved");
}

}  // namespace calixo::host
