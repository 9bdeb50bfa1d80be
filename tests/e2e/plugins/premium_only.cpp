// A route for premium people alone: what a role at the next request is seen by.
#include <calixo/plugin.hpp>

CALIXO_PLUGIN("probe_premium", "1.0.0", plugin) {
  plugin.get("/probe/premium", [](calixo::Context&) {})
      .allow(calixo::Role::premium)
      .summary("Answers premium people.");
}
