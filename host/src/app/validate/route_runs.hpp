// How checks of handlers go through the plugin's routes: each with a request that its handler
// takes, run under scripts.
#pragma once

#include <string>
#include <vector>

#include "app/validate/bench.hpp"
#include "app/validate/check.hpp"
#include "app/validate/host_calls.hpp"

namespace calixo::host {

constexpr std::string_view kReturnHint =
    "let every wait have an end, and return once one answers CALIXO_CANCELLED or CALIXO_TIMEOUT; "
    "what computes for long goes into run_blocking";

// A request and what it did.
struct RouteRun {
  BenchAnswer answer;
  CallTrace trace;
  // Handles of the host that the plugin held more after the run than before.
  long transactions = 0, results = 0, mutexes = 0;
};

// Runs a request under a script. Where the handler does not return, says so and abandons the
// process.
RouteRun run_under(const CallScript& script, const BenchRequest& request, Bench& bench,
                   CheckReport& report);

// A request that is answered best: 2xx before 4xx, of a few that the schemas allow.
BenchRequest plain_request(const RegisteredRoute& route, const CheckInput& input, Bench& bench,
                           CheckReport& report, RouteRun& run);

// Says what the plugin kept, where it did.
void look_at_leaks(const RouteRun& run, const std::string& subject, const std::string& when,
                   CheckReport& report);

// "db.run, its call 2, answers UNAVAILABLE"
std::string failing_text(const HostCall& call, std::size_t index, calixo_status status);

}  // namespace calixo::host
