// calixo.registry/1: takes what a plugin tells of itself during describe. What is malformed is
// refused with a reason that ends up in the start's error.
#include <calixo/abi/registry.h>

#include <algorithm>

#include "plugin/abi_text.hpp"
#include "plugin/plugin_instance.hpp"
#include "plugin/registering.hpp"

namespace calixo::host {
namespace {

constexpr double kNoBound = 9.2e18;  // as registry.h says: beyond it, no bound on that side

calixo_status refuse_null(const calixo_host* host, std::string_view what) {
  return registering(host, what, [](Registrations&) { return std::string("it is NULL"); });
}

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
  if (wanted.consumes.size > 0) route.consumes = copy(wanted.consumes);
  if (wanted.produces.size > 0) route.produces = copy(wanted.produces);
  route.has_body = wanted.request_schema.size > 0 || route.stream_body;
  return route;
}

calixo_status add_route(const calixo_host* host, const calixo_route* wanted) {
  if (wanted == nullptr) return refuse_null(host, "route");
  const std::string what = "route " + copy(wanted->method) + " " + copy(wanted->path);
  return registering(host, what, [&](Registrations& registrations) -> std::string {
    if (wanted->struct_size < sizeof(calixo_route)) return "struct_size is too small";
    if (wanted->handle == nullptr) return "it has no handler";
    if (!is_known_method(view(wanted->method))) return "the method is not known";
    if (!view(wanted->path).starts_with('/')) return "the path does not begin with '/'";
    RegisteredRoute route;
    route.route = routing_of(*wanted, PluginInstance::of(host).name);
    route.summary = copy(wanted->summary);
    route.tag = wanted->tag.size > 0 ? copy(wanted->tag) : route.route.owner;
    route.operation_id = copy(wanted->operation_id);
    route.query_schema = copy(wanted->query_schema);
    route.request_schema = copy(wanted->request_schema);
    route.response_schema = copy(wanted->response_schema);
    if (wanted->success_status != 0) route.success_status = wanted->success_status;
    route.problem_codes = copy(wanted->problem_codes);
    route.hidden = (wanted->flags & CALIXO_ROUTE_HIDDEN) != 0;
    route.handle = wanted->handle;
    route.render_problem = wanted->render_problem;
    route.user = wanted->user;
    registrations.routes.push_back(std::move(route));
    return {};
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

calixo_status add_key(const calixo_host* host, const calixo_key* wanted) {
  if (wanted == nullptr) return refuse_null(host, "key");
  return registering(host, "key " + copy(wanted->name), [&](Registrations& all) -> std::string {
    if (wanted->struct_size < sizeof(calixo_key)) return "struct_size is too small";
    if (wanted->type < CALIXO_KEY_BOOL || wanted->type > CALIXO_KEY_TEXT) return "unknown type";
    Key key;
    key.name = copy(wanted->name);
    key.type = static_cast<KeyType>(wanted->type - CALIXO_KEY_BOOL);
    key.owner = PluginInstance::of(host).name;
    key.default_value = copy(wanted->default_value);
    key.description = copy(wanted->description);
    if (wanted->min <= wanted->max) {
      if (wanted->min > -kNoBound) key.min = wanted->min;
      if (wanted->max < kNoBound) key.max = wanted->max;
    }
    key.choices = split(view(wanted->choices), '|');
    key.secret = (wanted->flags & CALIXO_KEY_SECRET) != 0;
    key.is_public = (wanted->flags & CALIXO_KEY_PUBLIC) != 0;
    key.runtime = (wanted->flags & CALIXO_KEY_RUNTIME) != 0;
    key.required = (wanted->flags & CALIXO_KEY_REQUIRED) != 0;
    if (key.secret && key.is_public) return "a key is secret or public, not both";
    all.keys.push_back(std::move(key));
    return {};
  });
}

calixo_status add_migration(const calixo_host* host, const calixo_migration* wanted) {
  if (wanted == nullptr) return refuse_null(host, "migration");
  return registering(host, "migration " + copy(wanted->name), [&](Registrations& all) {
    if (wanted->struct_size < sizeof(calixo_migration))
      return std::string("struct_size is too small");
    all.migrations.push_back({wanted->number, copy(wanted->name), copy(wanted->sql)});
    return std::string();
  });
}

calixo_status add_command(const calixo_host* host, const calixo_command* wanted) {
  if (wanted == nullptr) return refuse_null(host, "command");
  return registering(host, "command " + copy(wanted->words), [&](Registrations& all) {
    if (wanted->struct_size < sizeof(calixo_command))
      return std::string("struct_size is too small");
    if (wanted->run == nullptr) return std::string("it has no function");
    all.commands.push_back({copy(wanted->words), copy(wanted->summary), copy(wanted->usage),
                            wanted->run, wanted->user});
    return std::string();
  });
}

calixo_status offer(const calixo_host* host, calixo_str id, const void* table) {
  return registering(host, "service " + copy(id), [&](Registrations& all) {
    if (table == nullptr) return std::string("its table is NULL");
    all.offers.push_back({copy(id), table});
    return std::string();
  });
}

calixo_status need(const calixo_host* host, calixo_str id, int required) {
  return registering(host, "need " + copy(id), [&](Registrations& all) {
    all.needs.push_back({copy(id), required != 0});
    return std::string();
  });
}

calixo_status depend(const calixo_host* host, calixo_str plugin_id) {
  return registering(host, "dependency " + copy(plugin_id), [&](Registrations& all) {
    all.depends.push_back(copy(plugin_id));
    return std::string();
  });
}

calixo_status add_message(const calixo_host* host, calixo_str code, calixo_str language,
                          calixo_str text) {
  return registering(host, "message " + copy(code), [&](Registrations& all) {
    all.messages.push_back({copy(code), copy(language), copy(text)});
    return std::string();
  });
}

bool is_known_privilege(std::string_view privilege) {
  static constexpr std::string_view kPrivileges[] = {"select", "insert", "update", "delete"};
  return std::find(std::begin(kPrivileges), std::end(kPrivileges), privilege) !=
         std::end(kPrivileges);
}

calixo_status add_grant(const calixo_host* host, const calixo_grant* wanted) {
  if (wanted == nullptr) return refuse_null(host, "grant");
  const std::string what = "grant on " + copy(wanted->table);
  return registering(host, what, [&](Registrations& all) -> std::string {
    if (wanted->struct_size < sizeof(calixo_grant)) return "struct_size is too small";
    if (wanted->table.size == 0) return "it names no table";
    if (!is_known_privilege(view(wanted->privilege))) return "the privilege is not known";
    if (wanted->reason.size == 0) return "it gives no reason";
    all.grants.push_back({copy(wanted->table), copy(wanted->privilege), copy(wanted->columns),
                          copy(wanted->reason)});
    return {};
  });
}

}  // namespace

const void* registry_interface() {
  static constexpr calixo_registry_v1 kTable{&add_route,   &add_key,     &add_migration,
                                             &add_command, &offer,       &need,
                                             &depend,      &add_message, &add_grant};
  return &kTable;
}

}  // namespace calixo::host
