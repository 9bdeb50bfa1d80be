// The route that ./dev bench measures JSON answers on; no part of the product.
#include <calixo/plugin.hpp>
#include <string>

namespace {

struct Greeting {
  std::string message;
  int n = 0;
};
BOOST_DESCRIBE_STRUCT(Greeting, (), (message, n))

Greeting greet(calixo::Context&) { return {"hello", 42}; }

}  // namespace

CALIXO_PLUGIN("bench", "1.0.0", plugin) {
  plugin.get("/bench/json", &greet).summary("Answers with a small document.");
}
