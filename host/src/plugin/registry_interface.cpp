// calixo.registry/1: takes what a plugin tells of itself during describe. What is malformed is
// refused with a reason that ends up in the start's error.
#include <calixo/abi/registry.h>

#include <algorithm>

#include "db/sql_lexer.hpp"
#include "plugin/abi_text.hpp"
#include "plugin/plugin_instance.hpp"
#include "plugin/registering.hpp"

namespace calixo::host {
namespace {

constexpr double kNoBound = 9.2e18;  // as registry.h says: beyond it, no bound on that side

bool is_known_method(std::string_view method) {
  static constexpr std::string_view kMethods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
  return std::find(std::begin(kMethods), std::end(kMethods), method) != std::end(kMethods);
}

Route routing_of(const calixo_route& wanted, const std::string& owner) {
  Route route;
  route.method = copy(wanted.method);
  route.path = copy(wanted.path);
  route.owner = owner;
  if (wanted.roles != 0) route.roles = wanted.roles;
  route.exec_thread = (wanted.flags & CALIXO_ROUTE_EXEC_THREAD) != 0;
  route.stream_body = (wanted.flags & CALIXO_ROUTE_STREAM_BODY) != 0;
  route.read_only = (wanted.flags & CALIXO_ROUTE_READ_ONLY) != 0;
  route.deadline = std::chrono::milliseconds(wanted.deadline_ms);
  route.body_bytes_max = wanted.body_bytes_max;
  if (!view(wanted.consumes).empty()) route.consumes = copy(wanted.consumes);
  if (!view(wanted.produces).empty()) route.produces = copy(wanted.produces);
  route.has_body = !view(wanted.request_schema).empty() || route.stream_body;
  return route;
}

std::string take_route(const calixo_route& wanted, Registrations& all, const std::string& owner) {
  if (wanted.handle == nullptr) return "it has no handler";
  if (!is_known_method(view(wanted.method))) {
    return "the method " + copy(wanted.method) + " is not known";
  }
  if (!view(wanted.path).starts_with('/')) return "the path does not begin with '/'";
  RegisteredRoute route;
  route.route = routing_of(wanted, owner);
  route.summary = copy(wanted.summary);
  route.tag = !view(wanted.tag).empty() ? copy(wanted.tag) : owner;
  route.operation_id = copy(wanted.operation_id);
  route.query_schema = copy(wanted.query_schema);
  route.request_schema = copy(wanted.request_schema);
  route.response_schema = copy(wanted.response_schema);
  if (wanted.success_status != 0) route.success_status = wanted.success_status;
  route.problem_codes = copy(wanted.problem_codes);
  route.hidden = (wanted.flags & CALIXO_ROUTE_HIDDEN) != 0;
  route.handle = wanted.handle;
  route.render_problem = wanted.render_problem;
  route.user = wanted.user;
  all.routes.push_back(std::move(route));
  return {};
}

calixo_status add_route(const calixo_host* host, const calixo_route* wanted) {
  return registering_struct(host, "route", wanted, &calixo_route::path,
                            [&](const calixo_route& route, Registrations& all) {
                              return take_route(route, all, PluginInstance::of(host).name);
                            });
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

std::string take_key(const calixo_key& wanted, Registrations& all, const std::string& owner) {
  if (view(wanted.name).empty()) return "it has no name";
  if (wanted.type < CALIXO_KEY_BOOL || wanted.type > CALIXO_KEY_TEXT) return "unknown type";
  Key key;
  key.name = copy(wanted.name);
  key.type = static_cast<KeyType>(wanted.type - CALIXO_KEY_BOOL);
  key.owner = owner;
  key.default_value = copy(wanted.default_value);
  key.description = copy(wanted.description);
  if (wanted.min <= wanted.max) {
    if (wanted.min > -kNoBound) key.min = wanted.min;
    if (wanted.max < kNoBound) key.max = wanted.max;
  }
  key.choices = split(view(wanted.choices), '|');
  key.secret = (wanted.flags & CALIXO_KEY_SECRET) != 0;
  key.is_public = (wanted.flags & CALIXO_KEY_PUBLIC) != 0;
  key.runtime = (wanted.flags & CALIXO_KEY_RUNTIME) != 0;
  key.required = (wanted.flags & CALIXO_KEY_REQUIRED) != 0;
  if (key.secret && key.is_public) return "a key is secret or public, not both";
  all.keys.push_back(std::move(key));
  return {};
}

calixo_status add_key(const calixo_host* host, const calixo_key* wanted) {
  return registering_struct(host, "key", wanted, &calixo_key::name,
                            [&](const calixo_key& key, Registrations& all) {
                              return take_key(key, all, PluginInstance::of(host).name);
                            });
}

calixo_status add_migration(const calixo_host* host, const calixo_migration* wanted) {
  return registering_struct(host, "migration", wanted, &calixo_migration::name,
                            [](const calixo_migration& one, Registrations& all) -> std::string {
                              if (one.number == 0) return "numbers begin with 1";
                              if (view(one.name).empty()) return "it has no name";
                              all.migrations.push_back({one.number, copy(one.name), copy(one.sql)});
                              return {};
                            });
}

calixo_status add_command(const calixo_host* host, const calixo_command* wanted) {
  return registering_struct(host, "command", wanted, &calixo_command::words,
                            [](const calixo_command& one, Registrations& all) -> std::string {
                              if (view(one.words).empty()) return "it has no words";
                              if (one.run == nullptr) return "it has no function";
                              all.commands.push_back({copy(one.words), copy(one.summary),
                                                      copy(one.usage), one.run, one.user});
                              return {};
                            });
}

calixo_status offer(const calixo_host* host, calixo_str id, const void* table) {
  return registering(host, "service " + copy(id), [&](Registrations& all) -> std::string {
    if (view(id).empty()) return "it has no id";
    if (table == nullptr) return "its table is NULL";
    all.offers.push_back({copy(id), table});
    return {};
  });
}

calixo_status need(const calixo_host* host, calixo_str id, std::int32_t required) {
  return registering(host, "need " + copy(id), [&](Registrations& all) -> std::string {
    if (view(id).empty()) return "it has no id";
    all.needs.push_back({copy(id), required != 0});
    return {};
  });
}

calixo_status depend(const calixo_host* host, calixo_str plugin_id) {
  return registering(host, "dependency " + copy(plugin_id), [&](Registrations& all) -> std::string {
    if (view(plugin_id).empty()) return "it has no plugin id";
    all.depends.push_back(copy(plugin_id));
    return {};
  });
}

calixo_status add_message(const calixo_host* host, calixo_str code, calixo_str language,
                          calixo_str text) {
  return registering(host, "message " + copy(code), [&](Registrations& all) -> std::string {
    if (view(code).empty() || view(language).empty()) return "it has no code or no language";
    all.messages.push_back({copy(code), copy(language), copy(text)});
    return {};
  });
}

std::string trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return std::string(text);
}

bool is_known_privilege(std::string_view privilege) {
  static constexpr std::string_view kPrivileges[] = {"select", "insert", "update", "delete"};
  return std::find(std::begin(kPrivileges), std::end(kPrivileges), privilege) !=
         std::end(kPrivileges);
}

std::string take_grant(const calixo_grant& wanted, Registrations& all) {
  if (!is_plain_name(view(wanted.table))) return "the table is no plain name";
  if (!is_known_privilege(view(wanted.privilege))) return "the privilege is not known";
  if (view(wanted.reason).empty()) return "it gives no reason";
  std::vector<std::string> columns;
  for (const std::string& column : split(view(wanted.columns), ',')) {
    columns.push_back(trimmed(column));
    if (!is_plain_name(columns.back())) return "a column is no plain name";
  }
  if (!columns.empty() && view(wanted.privilege) == "delete") return "delete has no columns";
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  all.grants.push_back(
      {copy(wanted.table), copy(wanted.privilege), std::move(columns), copy(wanted.reason)});
  return {};
}

calixo_status add_grant(const calixo_host* host, const calixo_grant* wanted) {
  return registering_struct(host, "grant on", wanted, &calixo_grant::table, &take_grant);
}

}  // namespace

const void* registry_interface() {
  static constexpr calixo_registry_v1 kTable{&add_route,   &add_key,     &add_migration,
                                             &add_command, &offer,       &need,
                                             &depend,      &add_message, &add_grant};
  return &kTable;
}

}  // namespace calixo::host
