// entry: what the library exports, whether its entry and its registrations are taken, and which
// other plugins it needs beside it.
#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "app/validate/check.hpp"
#include "app/validate/exported_symbols.hpp"
#include "app/validate/host_calls.hpp"
#include "app/validate/life.hpp"
#include "plugin/plugin_library.hpp"

namespace calixo::host {
namespace {

namespace json = boost::json;

void look_at_symbols(const CheckInput& input, CheckReport& report) {
  report.begin_case("symbols");
  std::set<std::string> exported;
  try {
    exported = exported_symbols(input.file);
  } catch (const std::exception& error) {
    return report.finding({"symbols", std::string("not a plugin library: ") + error.what(),
                           "build it with calixo_add_plugin"});
  }
  if (exported.erase(CALIXO_ENTRY_SYMBOL) == 0) return;  // opening it says so
  if (exported.empty()) return;
  report.finding({"symbols",
                  "it exports " + std::to_string(exported.size()) +
                      " more symbols, which may meet another library's: " + *exported.begin(),
                  "link it with the SDK's version script: calixo_add_plugin does"});
}

// What the library registers where it is loaded alone or beside all that the configuration enables.
const PluginInstance* find(const PluginManager& plugins, const std::string& file) {
  for (const auto& plugin : plugins.plugins()) {
    if (plugin->file == file) return plugin.get();
  }
  return nullptr;
}

bool offers(const PluginInstance& plugin, const std::string& service) {
  for (const OfferedService& one : plugin.registrations.offers) {
    if (one.id == service) return true;
  }
  return false;
}

bool defines(const PluginInstance& plugin, const std::string& point) {
  const auto& points = plugin.registrations.points;
  return std::find(points.begin(), points.end(), point) != points.end();
}

bool is_needed_by(const PluginInstance& plugin, const PluginInstance& candidate) {
  const Registrations& all = plugin.registrations;
  for (const std::string& id : all.depends) {
    if (candidate.name == id) return true;
  }
  for (const NeededService& need : all.needs) {
    if (offers(candidate, need.id)) return true;
  }
  for (const RegisteredExtension& one : all.extensions) {
    if (defines(candidate, one.point)) return true;
  }
  return false;
}

// The files of all plugins that `wanted` stands on, directly or not.
std::vector<std::string> closure(const PluginManager& plugins, const PluginInstance& wanted) {
  std::vector<const PluginInstance*> reached{&wanted};
  for (std::size_t next = 0; next < reached.size(); ++next) {
    for (const auto& candidate : plugins.plugins()) {
      const bool is_known =
          std::find(reached.begin(), reached.end(), candidate.get()) != reached.end();
      if (is_known || candidate->entry == nullptr || candidate->name == wanted.name) continue;
      if (is_needed_by(*reached[next], *candidate)) reached.push_back(candidate.get());
    }
  }
  std::vector<std::string> files;
  for (std::size_t i = 1; i < reached.size(); ++i) files.push_back(reached[i]->file);
  return files;
}

// The enabled plugins and those the library depends on, where they are found.
std::vector<std::string> candidates(const CheckInput& input, const PluginInstance& plugin) {
  Configuration configuration;
  load_layers(configuration, input.sources);
  std::vector<std::string> names = configuration.get_list("plugins.enabled");
  const auto& depends = plugin.registrations.depends;
  names.insert(names.end(), depends.begin(), depends.end());
  std::vector<std::string> files;
  for (const std::string& name : names) {
    try {
      const std::string file =
          find_plugin_file(name, configuration.get_text("plugins.path")).string();
      const bool is_new = std::find(files.begin(), files.end(), file) == files.end();
      if (file != input.file && is_new) files.push_back(file);
    } catch (const PluginError&) {  // what is missing, the plugin that needs it says
    }
  }
  return files;
}

void tell_facts(const PluginInstance& plugin, std::vector<std::string> with, CheckReport& report) {
  json::array grants;
  for (const RegisteredGrant& one : plugin.registrations.grants) {
    grants.push_back({{"table", one.table},
                      {"privilege", one.privilege},
                      {"columns", json::value_from(one.columns)},
                      {"reason", one.reason}});
  }
  report.fact("id", json::string(plugin.name));
  report.fact("version", json::string(plugin.version));
  report.fact("abi", json::string(std::to_string(plugin.entry->abi_major) + "." +
                                  std::to_string(plugin.entry->abi_minor)));
  report.fact("grants", std::move(grants));
  report.fact("with", json::value_from(with));
  report.summary(plugin.name + " " + plugin.version + ", " +
                 std::to_string(plugin.registrations.routes.size()) + " routes, " +
                 std::to_string(plugin.registrations.migrations.size()) + " migrations, with " +
                 std::to_string(with.size()) +
                 (with.size() == 1 ? " other plugin" : " other plugins"));
}

}  // namespace

void check_entry(const CheckInput& input, CheckReport& report) {
  look_at_symbols(input, report);
  report.begin_case("load and describe");
  CheckInput alone = input;
  alone.with.clear();
  const Life first(alone);
  const PluginInstance* plugin = find(first.installation().plugins(), input.file);
  if (plugin == nullptr) {  // not even its entry could be used
    return report.finding({"load", first.failure(), "see the cause"});
  }
  CheckInput among = input;
  among.with = candidates(input, *plugin);
  report.begin_case("describe beside the enabled plugins");
  const Life second(among);
  plugin = find(second.installation().plugins(), input.file);
  if (plugin == nullptr) return report.finding({"load", second.failure(), "see the cause"});
  if (plugin->state == PluginState::failed) {
    return report.finding({"describe", plugin->failure,
                           "mend it, or enable what it needs: --set plugins.enabled=… and "
                           "--set plugins.path=…"});
  }
  for (const RegisteredRoute& route : plugin->registrations.routes) {
    for (const std::string* schema :
         {&route.query_schema, &route.request_schema, &route.response_schema}) {
      boost::system::error_code fault;
      if (!schema->empty()) json::parse(*schema, fault);
      if (!fault) continue;
      report.finding({route.route.method + " " + route.route.path,
                      "a schema is not JSON: " + fault.message(), "register JSON Schema"});
    }
  }
  tell_facts(*plugin, closure(second.installation().plugins(), *plugin), report);
}

}  // namespace calixo::host
