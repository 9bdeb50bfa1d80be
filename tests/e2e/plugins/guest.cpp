// A plugin that asks for a part of another's table, and runs whatever SQL a scenario hands it: what
// a hole in a plugin amounts to.
#include <calixo/plugin.hpp>

#include <string>

namespace {

struct Sql {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(Sql, (), (text))

// "3 rows", or the SQLSTATE of the refusal.
struct Outcome {
  std::string said;
};
BOOST_DESCRIBE_STRUCT(Outcome, (), (said))

Outcome run(calixo::Context& context, const Sql& sql) {
  try {
    return {std::to_string(context.service_db().query(sql.text).size()) + " rows"};
  } catch (const calixo::DbError& refused) {
    return {std::string(refused.sqlstate())};
  }
}

}  // namespace

CALIXO_PLUGIN("probe_guest", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.grant("select", "users", "It greets people by their address.", "id, email");
  plugin.post("/guest/sql", &run).summary("Runs a statement.");
}
