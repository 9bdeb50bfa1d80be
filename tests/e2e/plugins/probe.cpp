// A plugin for the scenarios that enable what must be refused: compiled once a case, as the
// definitions say: PROBE_ID, and PROBE_DEPENDS or PROBE_PATH.
#include <calixo/plugin.hpp>

#include <string>

namespace {

struct Probe {
  std::string id;
};
BOOST_DESCRIBE_STRUCT(Probe, (), (id))

Probe answer(calixo::Context&) { return {PROBE_ID}; }

}  // namespace

CALIXO_PLUGIN(PROBE_ID, "1.0.0", plugin) {
#ifdef PROBE_DEPENDS
  plugin.depend(PROBE_DEPENDS);
#endif
#ifdef PROBE_PATH
  plugin.get(PROBE_PATH, &answer).summary("Answers who it is.");
#else
  plugin.get("/api/" PROBE_ID, &answer).summary("Answers who it is.");
#endif
}
