// plugins list, routes, openapi: what the installation holds, without starting anything.
#include "app/commands.hpp"
#include "app/host_routes.hpp"
#include "app/role_words.hpp"
#include "app/version.hpp"
#include "plugin/openapi.hpp"

namespace calixo::host {
namespace {

std::int64_t count_of(std::size_t size) { return static_cast<std::int64_t>(size); }

int list_plugins(const Arguments& arguments, Output& output) {
  Installation installation(sources_of(arguments));
  Table table{{{"id"},
               {"version"},
               {"state"},
               {"required"},
               {"routes"},
               {"keys"},
               {"migrations"},
               {"manifest"},
               {"file"},
               {"problem"}},
              {}};
  for (const auto& plugin : installation.plugins().plugins()) {
    const Registrations& all = plugin->registrations;
    table.rows.push_back({plugin->name, plugin->version, std::string(to_text(plugin->state)),
                          plugin->required, count_of(all.routes.size()), count_of(all.keys.size()),
                          count_of(all.migrations.size()), plugin->has_manifest, plugin->file,
                          plugin->failure});
  }
  output.table(table, "no plugin is enabled: see plugins.enabled");
  return installation.plugins().fatal_failures().empty() ? kExitOk : kExitProblem;
}

int list_routes(const Arguments& arguments, Output& output) {
  const Installation installation(sources_of(arguments));
  Table table{{{"method"}, {"path"}, {"plugin"}, {"roles"}, {"summary"}}, {}};
  for (const RegisteredRoute* route : documented_routes(installation)) {
    table.rows.push_back({route->route.method, route->route.path, route->route.owner,
                          role_words(route->route.roles), route->summary});
  }
  output.table(table);
  return complain_about(installation.plugins().fatal_failures(), output);
}

int print_openapi(const Arguments& arguments, Output& output) {
  Installation installation(sources_of(arguments));
  if (const auto failures = installation.plugins().fatal_failures(); !failures.empty()) {
    return complain_about(failures, output);
  }
  const Configuration& configuration = installation.configuration();
  std::string url = configuration.get_text("http.public_url");
  if (url.empty()) {
    url = "http://" + configuration.get_text("http.host") + ":" +
          std::to_string(configuration.get_int("http.port"));
  }
  output.raw(openapi_document({kVersion, url}, documented_routes(installation)) + "\n");
  return kExitOk;
}

}  // namespace

void add_describe_commands(CommandSet& commands) {
  commands.add(
      make_command("plugins list", "the enabled plugins and what they register", &list_plugins));
  commands.add(
      make_command("routes", "every route, whose it is and who may call it", &list_routes));
  commands.add(make_command("openapi", "the API document (OpenAPI 3.1)", &print_openapi));
}

}  // namespace calixo::host
