// failures: each call that the plugin makes of the host, in describe, configure, start and in every
// handler, answers each of its failures once.
#include <algorithm>

#include "app/validate/life.hpp"
#include "app/validate/route_runs.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kLivesMax = 100;  // of the steps before the first request
constexpr std::size_t kCallsOfRouteMax = 60;

std::size_t fail_lives(const CheckInput& input, CheckReport& report) {
  constexpr std::string_view kSubject = "describe, configure, start";
  if (input.is_skipped(kSubject)) return 0;
  HostCalls& calls = HostCalls::instance();
  calls.begin({});
  {
    Life life(input);
    life.start();
  }
  const CallTrace trace = calls.end();
  std::size_t count = 0;
  for (std::size_t index = 0; index < trace.calls.size(); ++index) {
    for (const calixo_status status : trace.calls[index]->failures) {
      if (++count > kLivesMax) return kLivesMax;
      const std::string what = failing_text(*trace.calls[index], index, status);
      report.begin_case(kSubject, what);
      const long before = calls.held().transactions;
      CallScript script;
      script.fail_at = index;
      script.status = status;
      calls.begin(script);
      {
        Life life(input);
        if (life.failure().empty()) life.start();
      }
      calls.end();
      RouteRun left;
      left.transactions = calls.held().transactions - before;
      look_at_leaks(left, std::string(kSubject), what, report);
    }
  }
  return count;
}

// Whether the failing call is what an answer would have gone through.
bool is_answering(const HostCall& call) {
  return call.name.starts_with("exchange.") || call.name.starts_with("stream.");
}

// Whether nothing that could have made up for a failed commit came after it.
bool is_last_commit(const CallTrace& trace, std::size_t index) {
  return std::none_of(
      trace.calls.begin() + static_cast<std::ptrdiff_t>(index) + 1, trace.calls.end(),
      [](const HostCall* later) { return later->name == "db.commit" || later->name == "db.run"; });
}

void judge(const RouteRun& run, const HostCall& call, std::size_t index, calixo_status status,
           const std::string& subject, const std::string& what, CheckReport& report) {
  look_at_leaks(run, subject, what, report);
  if (run.answer.status == 0 && status != CALIXO_CANCELLED && !is_answering(call)) {
    report.finding({subject, what + ": the request gets no answer",
                    "answer with exchange.fail, 503 or 504; the SDK's C++ layer does"});
  }
  const bool is_success = run.answer.status >= 200 && run.answer.status < 300;
  if (is_success && call.name == "db.commit" && is_last_commit(run.trace, index)) {
    report.finding(
        {subject,
         what + ": the request is answered " + std::to_string(run.answer.status) + " all the same",
         "nothing was committed: look at commit's status before you answer"});
  }
}

std::size_t fail_route(const RegisteredRoute& route, const CheckInput& input, Bench& bench,
                       CheckReport& report) {
  const std::string subject = subject_of(route);
  report.begin_case(subject);
  RouteRun plain;
  const BenchRequest request = plain_request(route, input, bench, report, plain);
  look_at_leaks(plain, subject, "a request without failures", report);
  std::size_t count = 0;
  const std::size_t calls = std::min(plain.trace.calls.size(), kCallsOfRouteMax);
  for (std::size_t index = 0; index < calls; ++index) {
    const HostCall& call = *plain.trace.calls[index];
    for (const calixo_status status : call.failures) {
      const std::string what = failing_text(call, index, status);
      report.begin_case(subject, what);
      CallScript script;
      script.fail_at = index;
      script.status = status;
      const RouteRun run = run_under(script, request, bench, report);
      if (!run.trace.has_acted) continue;  // another way through the handler this time
      ++count;
      judge(run, call, index, status, subject, what, report);
      // Each one left open takes a connection that the next requests would wait for.
      if (run.transactions > 0) return count;
    }
  }
  return count;
}

}  // namespace

void check_failures(const CheckInput& input, CheckReport& report) {
  std::size_t count = fail_lives(input, report);
  Bench bench(input);
  for (const RegisteredRoute* route : bench.routes()) {
    if (!input.is_skipped(subject_of(*route))) count += fail_route(*route, input, bench, report);
  }
  report.summary(std::to_string(count) + " failing host calls");
}

}  // namespace calixo::host
