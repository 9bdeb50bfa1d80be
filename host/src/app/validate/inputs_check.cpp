// inputs: requests made of the routes' patterns and schemas, valid, at bounds, of wrong types,
// noise, huge and deep. Each is made from a seed of its own, which a finding names.
#include <boost/json.hpp>
#include <set>

#include "app/validate/request_maker.hpp"
#include "app/validate/route_runs.hpp"
#include "runtime/deadline.hpp"

namespace calixo::host {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kRoundsMin = 8;
constexpr std::string_view kHint =
    "check what a request holds before you use it, and answer what is wrong with 4xx";

bool is_declared(const RegisteredRoute& route, int status) {
  return route.problem_codes.find(std::to_string(status) + ":") != std::string::npos;
}

// What is wrong with the answer; empty: nothing.
CheckFinding judged(const BenchRequest& request, const BenchAnswer& answer, bool was_handled) {
  const RegisteredRoute& route = *request.route;
  CheckFinding finding;
  if (answer.status >= 500 && !is_declared(route, answer.status)) {
    const std::string logged = HostCalls::instance().logged_error();
    finding.cause =
        "answered " + std::to_string(answer.status) + (logged.empty() ? "" : ", logged: " + logged);
    finding.way_out = kHint;
  } else if (answer.status == 0 && was_handled) {
    finding.cause = "the handler ran, and no answer came";
    finding.way_out = "answer every request once";
  } else if (answer.status == route.success_status && !route.response_schema.empty() &&
             answer.content_type.starts_with("application/json")) {
    boost::system::error_code fault;
    const json::value body = json::parse(answer.body, fault);
    finding.cause = fault ? "its answer is not JSON: " + fault.message()
                          : mismatch(json::parse(route.response_schema), body);
    if (!finding.cause.empty() && !fault)
      finding.cause = "its answer is not as its schema says, at " + finding.cause;
    finding.way_out = "mend the schema or the answer: clients are written against the schema";
  }
  return finding;
}

class Inputs {
 public:
  Inputs(const CheckInput& input, CheckReport& report) : input_(input), report_(report) {}

  void run() {
    const Deadline end = Deadline::in(input_.time);
    // Every kind for every route a few times, however little time there is.
    const std::uint64_t least = routes_.size() * kInputKinds.size() * kRoundsMin;
    while (!routes_.empty() && (count_ < least || !end.has_passed())) {
      one(input_.seed + count_);
      ++count_;
    }
    report_.summary(std::to_string(count_) + " requests to " + std::to_string(routes_.size()) +
                    " routes, seed " + std::to_string(input_.seed));
  }

 private:
  void one(std::uint64_t seed) {
    const std::uint64_t turn = seed % (routes_.size() * kInputKinds.size());
    const RegisteredRoute& route = *routes_[turn % routes_.size()];
    const InputKind kind = kInputKinds[turn / routes_.size()];
    if (input_.is_skipped(subject_of(route))) return;
    Chance chance(seed);
    const BenchRequest request = make_request(route, kind, chance);
    const std::string what =
        std::string(to_text(kind)) + " input, replay with --seed " + std::to_string(seed);
    report_.begin_case(subject_of(route), what);
    const RouteRun run = run_under({}, request, bench_, report_);
    CheckFinding finding = judged(request, run.answer, !bench_.visits().empty());
    const std::string kind_of_finding = subject_of(route) + finding.cause.substr(0, 30);
    if (!finding.cause.empty() && told_.insert(kind_of_finding).second) {
      finding.subject = subject_of(route);
      finding.cause += " (" + what + ")";
      report_.finding(finding);
    }
    if (told_leaks_.contains(&route)) return;
    if (run.transactions > 0 || run.results > 0 || run.mutexes > 0) told_leaks_.insert(&route);
    look_at_leaks(run, subject_of(route), what, report_);
  }

  const CheckInput& input_;
  CheckReport& report_;
  Bench bench_{input_};
  const std::vector<const RegisteredRoute*> routes_ = bench_.routes();
  std::uint64_t count_ = 0;
  std::set<std::string> told_;
  std::set<const RegisteredRoute*> told_leaks_;
};

}  // namespace

void check_inputs(const CheckInput& input, CheckReport& report) {
  report.begin_case("start");
  Inputs(input, report).run();
}

}  // namespace calixo::host
