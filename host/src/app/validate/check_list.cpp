#include <algorithm>

#include "app/validate/check.hpp"

namespace calixo::host {

bool CheckInput::is_skipped(std::string_view subject) const {
  return std::find(skipped.begin(), skipped.end(), subject) != skipped.end();
}

const std::vector<Check>& checks() {
  static const std::vector<Check> kChecks{
      {"entry", "the library opens, its entry and its registrations are taken",
       "let nothing run in constructors of globals; describe registers and does no I/O", false,
       &check_entry},
      {"manifest", "the library's manifest says what it registers",
       "let nothing run in constructors of globals; describe registers and does no I/O", false,
       &check_manifest},
      {"migrations", "they apply, once, and every table has row level security",
       "describe has to work in a process that starts nothing", true, &check_migrations},
      {"lifecycle", "the orders in which a life may go, and a second life, are borne",
       "a step may fail and be followed by a new life: keep no state of the last one", true,
       &check_lifecycle},
      {"failures", "every failure that a host call may answer is borne",
       "look at the status of every call before you use what it hands out", true, &check_failures},
      {"cancellation", "a request may end at every wait",
       "a wait that answers CALIXO_CANCELLED is followed by the handler's return", true,
       &check_cancellation},
      {"catch", "requests that wait in catch blocks keep their own exceptions",
       "wait through the SDK's C++ layer, or keep the exception state with "
       "calixo::ExceptionStateGuard",
       true, &check_catch},
      {"stack", "handlers stay within half of their stack",
       "bound recursion and keep large buffers on the heap, or raise runtime.fiber_stack_bytes",
       true, &check_stack},
      {"loop", "no handler holds its event loop", "look at the handler", true, &check_loop},
      {"inputs", "whatever a client sends is answered, never with 5xx, and as the schema says",
       "check what a request holds before you use it", true, &check_inputs},
  };
  return kChecks;
}

const Check* find_check(std::string_view name) {
  const auto found = std::find_if(checks().begin(), checks().end(),
                                  [&](const Check& check) { return check.name == name; });
  return found == checks().end() ? nullptr : &*found;
}

}  // namespace calixo::host
