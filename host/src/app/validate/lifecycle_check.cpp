// lifecycle: described twice, started and drained without a request, a configuration refused, a
// start that fails, and after each of them a whole life in the same process.
#include "app/validate/check.hpp"
#include "app/validate/host_calls.hpp"
#include "app/validate/life.hpp"

namespace calixo::host {
namespace {

// One life without a request. Why it can't be lived; empty: it can.
std::string live(const CheckInput& input) {
  Life life(input);
  std::string failure = life.failure();
  if (failure.empty()) failure = life.start();
  life.stop();
  return failure;
}

void describe_twice(const CheckInput& input, CheckReport& report) {
  report.begin_case("describe twice");
  const std::string first = registrations_text(Life(input).plugin());
  const std::string second = registrations_text(Life(input).plugin());
  if (first == second) return;
  std::size_t at = 0;
  while (at < first.size() && at < second.size() && first[at] == second[at]) ++at;
  const std::size_t begin = at == 0 ? 0 : second.rfind('\n', at - 1) + 1;
  report.finding(
      {"describe twice",
       "the second description differs from the first, at: " + second.substr(begin, 120),
       "describe registers the same each time: nothing of time, chance or the last life"});
}

void live_on(const CheckInput& input, CheckReport& report, const std::string& after) {
  report.begin_case(after);
  if (const std::string failure = live(input); !failure.empty()) {
    report.finding({after, failure, "a step must not rest on what an earlier life left"});
  }
}

// The host calls from configure to the end of the start.
CallTrace calls_of_start(const CheckInput& input) {
  Life life(input);
  HostCalls::instance().begin({});
  life.start();
  return HostCalls::instance().end();
}

// A life whose call at `index` fails. Whether the plugin failed with it.
bool fail_in(const CheckInput& input, CheckReport& report, const CallTrace& trace,
             std::size_t index, const std::string& subject) {
  const HostCall& call = *trace.calls[index];
  const calixo_status status = call.failures.back();
  report.begin_case(subject,
                    std::string(call.name) + " answers " + std::string(status_name(status)));
  Life life(input);
  CallScript script;
  script.fail_at = index;
  script.status = status;
  HostCalls::instance().begin(script);
  const std::string failure = life.start();
  HostCalls::instance().end();
  life.stop();
  return !failure.empty();
}

}  // namespace

void check_lifecycle(const CheckInput& input, CheckReport& report) {
  if (const std::string failure = Life(input).failure(); !failure.empty()) {
    return report.finding({"load", failure, "see the cause"});
  }
  describe_twice(input, report);
  live_on(input, report, "drain without requests");
  live_on(input, report, "a second life");
  const CallTrace trace = calls_of_start(input);
  std::size_t refused = 0;
  if (!trace.calls.empty()) {
    refused += fail_in(input, report, trace, 0, "a life whose first call failed") ? 1 : 0;
    live_on(input, report, "a life after a configuration was refused");
    refused += fail_in(input, report, trace, trace.calls.size() - 1, "a life whose start failed");
    live_on(input, report, "a life after a start that failed");
  }
  report.summary("described twice, 2 to 6 lives in one process, " + std::to_string(refused) +
                 " of them refused");
}

}  // namespace calixo::host
