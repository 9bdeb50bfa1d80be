#include "plugin/manifest_sections.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <limits>
#include <utility>

#include "db/sha256.hpp"

namespace calixo::host {
namespace {

namespace json = boost::json;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::int64_t capped(std::uint64_t number) {
  return static_cast<std::int64_t>(std::min(number, static_cast<std::uint64_t>(kMost)));
}

json::array array_of(const std::vector<std::string>& texts) {
  json::array all;
  for (const std::string& text : texts) all.emplace_back(text);
  return all;
}

// A schema or other JSON that a plugin hands over as text: as JSON where it is, null where empty.
json::value embedded(const std::string& text) {
  if (text.empty()) return nullptr;
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  return error ? json::value(text) : value;
}

std::string embedded_member(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? as_text(*value) : json::serialize(*value);
}

constexpr std::pair<const char*, RoleSet> kRoles[] = {
    {"anonymous", CALIXO_ROLE_ANONYMOUS}, {"user", CALIXO_ROLE_USER},
    {"premium", CALIXO_ROLE_PREMIUM},     {"moderator", CALIXO_ROLE_MODERATOR},
    {"admin", CALIXO_ROLE_ADMIN},         {"service", CALIXO_ROLE_SERVICE}};
constexpr const char* kEverybody = "everybody";

json::array roles_array(RoleSet roles) {
  json::array all;
  if (roles == ~RoleSet{0}) all.emplace_back(kEverybody);
  for (const auto& [name, bit] : kRoles) {
    if (roles != ~RoleSet{0} && (roles & bit) != 0) all.emplace_back(name);
  }
  return all;
}

RoleSet roles_member(const json::object& object) {
  RoleSet roles = 0;
  for (const std::string& word : texts_member(object, "roles")) {
    RoleSet bit = word == kEverybody ? ~RoleSet{0} : 0;
    for (const auto& [name, known] : kRoles) {
      if (word == name) bit = known;
    }
    if (bit == 0) throw ManifestError("roles: " + word + " is no role");
    roles |= bit;
  }
  return roles;
}

void write_routes(const Manifest& manifest, json::array& elements) {
  for (const RegisteredRoute& route : manifest.registrations.routes) {
    const Route& routing = route.route;
    elements.push_back(
        json::object{{"path", routing.path},
                     {"method", routing.method},
                     {"roles", roles_array(routing.roles)},
                     {"summary", route.summary},
                     {"tag", route.tag},
                     {"operation_id", route.operation_id},
                     {"exec_thread", routing.exec_thread},
                     {"stream_body", routing.stream_body},
                     {"read_only", routing.read_only},
                     {"hidden", route.hidden},
                     {"deadline_ms", static_cast<std::int64_t>(routing.deadline.count())},
                     {"body_bytes_max", capped(routing.body_bytes_max)},
                     {"consumes", routing.consumes},
                     {"produces", routing.produces},
                     {"success_status", static_cast<std::int64_t>(route.success_status)},
                     {"problems", route.problem_codes},
                     {"query_schema", embedded(route.query_schema)},
                     {"request_schema", embedded(route.request_schema)},
                     {"response_schema", embedded(route.response_schema)}});
  }
}

void read_route(const json::value& element, Manifest& manifest) {
  const json::object& object = as_object(element);
  RegisteredRoute route;
  Route& routing = route.route;
  routing.path = text_member(object, "path");
  routing.method = text_member(object, "method");
  routing.owner = manifest.id;
  routing.roles = roles_member(object);
  route.summary = text_member(object, "summary");
  route.tag = text_member(object, "tag");
  route.operation_id = text_member(object, "operation_id");
  routing.exec_thread = flag_member(object, "exec_thread");
  routing.stream_body = flag_member(object, "stream_body");
  routing.read_only = flag_member(object, "read_only");
  route.hidden = flag_member(object, "hidden");
  routing.deadline = std::chrono::milliseconds(
      integer_member(object, "deadline_ms", std::numeric_limits<std::uint32_t>::max()));
  routing.body_bytes_max =
      static_cast<std::uint64_t>(integer_member(object, "body_bytes_max", kMost));
  routing.consumes = text_member(object, "consumes");
  routing.produces = text_member(object, "produces");
  route.success_status =
      static_cast<std::uint16_t>(integer_member(object, "success_status", 65535));
  route.problem_codes = text_member(object, "problems");
  route.query_schema = embedded_member(object, "query_schema");
  route.request_schema = embedded_member(object, "request_schema");
  route.response_schema = embedded_member(object, "response_schema");
  routing.has_body = !route.request_schema.empty() || routing.stream_body;
  manifest.registrations.routes.push_back(std::move(route));
}

constexpr const char* kKeyTypes[] = {"bool", "int", "real", "text"};

json::value bound(const std::optional<double>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

std::optional<double> bound_member(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (!value->is_number()) throw ManifestError(std::string(name) + ": a number is expected");
  return value->to_number<double>();
}

void write_keys(const Manifest& manifest, json::array& elements) {
  for (const Key& key : manifest.registrations.keys) {
    elements.push_back(json::object{{"name", key.name},
                                    {"type", kKeyTypes[static_cast<std::size_t>(key.type)]},
                                    {"default", key.default_value},
                                    {"description", key.description},
                                    {"min", bound(key.min)},
                                    {"max", bound(key.max)},
                                    {"choices", array_of(key.choices)},
                                    {"secret", key.secret},
                                    {"public", key.is_public},
                                    {"runtime", key.runtime},
                                    {"required", key.required}});
  }
}

void read_key(const json::value& element, Manifest& manifest) {
  const json::object& object = as_object(element);
  Key key;
  key.name = text_member(object, "name");
  key.owner = manifest.id;
  const std::string type = text_member(object, "type");
  const auto* const known = std::find(std::begin(kKeyTypes), std::end(kKeyTypes), type);
  if (known == std::end(kKeyTypes)) throw ManifestError("type: " + type + " is no type");
  key.type = static_cast<KeyType>(known - std::begin(kKeyTypes));
  key.default_value = text_member(object, "default");
  key.description = text_member(object, "description");
  key.min = bound_member(object, "min");
  key.max = bound_member(object, "max");
  key.choices = texts_member(object, "choices");
  key.secret = flag_member(object, "secret");
  key.is_public = flag_member(object, "public");
  key.runtime = flag_member(object, "runtime");
  key.required = flag_member(object, "required");
  manifest.registrations.keys.push_back(std::move(key));
}

void write_migrations(const Manifest& manifest, json::array& elements) {
  for (const Migration& migration : manifest.registrations.migrations) {
    const std::string sha256 =
        migration.sha256.empty() ? sha256_hex(migration.sql) : migration.sha256;
    elements.push_back(json::object{{"name", migration.name},
                                    {"number", static_cast<std::int64_t>(migration.number)},
                                    {"sha256", sha256}});
  }
}

void read_migration(const json::value& element, Manifest& manifest) {
  const json::object& object = as_object(element);
  Migration migration;
  migration.name = text_member(object, "name");
  migration.number = static_cast<std::uint32_t>(
      integer_member(object, "number", std::numeric_limits<std::uint32_t>::max()));
  migration.sha256 = text_member(object, "sha256");
  if (migration.sha256.empty()) throw ManifestError("sha256 is empty");
  manifest.registrations.migrations.push_back(std::move(migration));
}

void write_tables(const Manifest& manifest, json::array& elements) {
  for (const std::string& table : manifest.tables) elements.emplace_back(table);
}
void read_table(const json::value& element, Manifest& manifest) {
  manifest.tables.push_back(as_text(element));
}

void write_services(const Manifest& manifest, json::array& elements) {
  for (const OfferedService& offer : manifest.registrations.offers) elements.emplace_back(offer.id);
}
void read_service(const json::value& element, Manifest& manifest) {
  manifest.registrations.offers.push_back({as_text(element), nullptr});
}

void write_needs(const Manifest& manifest, json::array& elements) {
  for (const NeededService& need : manifest.registrations.needs) {
    elements.push_back(json::object{{"id", need.id}, {"required", need.required}});
  }
}
void read_need(const json::value& element, Manifest& manifest) {
  const json::object& object = as_object(element);
  manifest.registrations.needs.push_back(
      {text_member(object, "id"), flag_member(object, "required")});
}

void write_depends(const Manifest& manifest, json::array& elements) {
  for (const std::string& id : manifest.registrations.depends) elements.emplace_back(id);
}
void read_depend(const json::value& element, Manifest& manifest) {
  manifest.registrations.depends.push_back(as_text(element));
}

void write_points(const Manifest& manifest, json::array& elements) {
  for (const std::string& point : manifest.registrations.points) elements.emplace_back(point);
}
void read_point(const json::value& element, Manifest& manifest) {
  manifest.registrations.points.push_back(as_text(element));
}

void write_extensions(const Manifest& manifest, json::array& elements) {
  for (const RegisteredExtension& one : manifest.registrations.extensions) {
    elements.push_back(json::object{
        {"point", one.point}, {"name", one.name}, {"details", embedded(one.details_json)}});
  }
}
void read_extension(const json::value& element, Manifest& manifest) {
  const json::object& object = as_object(element);
  manifest.registrations.extensions.push_back({text_member(object, "point"),
                                               text_member(object, "name"),
                                               embedded_member(object, "details"), nullptr});
}

void write_grants(const Manifest& manifest, json::array& elements) {
  for (const RegisteredGrant& grant : manifest.registrations.grants) {
    elements.push_back(json::object{{"table", grant.table},
                                    {"privilege", grant.privilege},
                                    {"columns", array_of(grant.columns)},
                                    {"reason", grant.reason}});
  }
}
void read_grant(const json::value& element, Manifest& manifest) {
  const json::object& object = as_object(element);
  manifest.registrations.grants.push_back(
      {text_member(object, "table"), text_member(object, "privilege"),
       texts_member(object, "columns"), text_member(object, "reason")});
}

void write_events(const Manifest& manifest, json::array& elements) {
  for (const RegisteredTopic& topic : manifest.registrations.topics) {
    elements.push_back(json::object{{"topic", topic.name},
                                    {"description", topic.description},
                                    {"payload_schema", embedded(topic.payload_schema)}});
  }
}
void read_event(const json::value& element, Manifest& manifest) {
  const json::object& object = as_object(element);
  manifest.registrations.topics.push_back({text_member(object, "topic"),
                                           embedded_member(object, "payload_schema"),
                                           text_member(object, "description")});
}

// What deliveries and runs have in common: flags, attempts and their time.
template <class Registered>
void write_attempts(const Registered& one, std::uint32_t in_transaction, json::object& into) {
  into["in_transaction"] = (one.flags & in_transaction) != 0;
  into["attempts_max"] = static_cast<std::int64_t>(one.attempts_max);
  into["timeout_ms"] = static_cast<std::int64_t>(one.timeout_ms);
}
template <class Registered>
void read_attempts(const json::object& object, std::uint32_t in_transaction, Registered& one) {
  constexpr std::int64_t kMost32 = std::numeric_limits<std::uint32_t>::max();
  one.flags = flag_member(object, "in_transaction") ? in_transaction : 0;
  one.attempts_max = static_cast<std::uint32_t>(integer_member(object, "attempts_max", kMost32));
  one.timeout_ms = static_cast<std::uint32_t>(integer_member(object, "timeout_ms", kMost32));
}

void write_subscriptions(const Manifest& manifest, json::array& elements) {
  for (const RegisteredSubscription& one : manifest.registrations.subscriptions) {
    json::object element{{"name", one.name}, {"topic", one.topic}};
    write_attempts(one, CALIXO_SUBSCRIPTION_IN_TRANSACTION, element);
    elements.push_back(std::move(element));
  }
}
void read_subscription(const json::value& element, Manifest& manifest) {
  const json::object& object = as_object(element);
  RegisteredSubscription one;
  one.name = text_member(object, "name");
  one.topic = text_member(object, "topic");
  read_attempts(object, CALIXO_SUBSCRIPTION_IN_TRANSACTION, one);
  manifest.registrations.subscriptions.push_back(std::move(one));
}

void write_jobs(const Manifest& manifest, json::array& elements) {
  for (const RegisteredJob& one : manifest.registrations.jobs) {
    json::object element{{"name", one.name},
                         {"every_ms", static_cast<std::int64_t>(one.every_ms)},
                         {"payload_schema", embedded(one.payload_schema)}};
    write_attempts(one, CALIXO_JOB_IN_TRANSACTION, element);
    element["one_at_a_time"] = (one.flags & CALIXO_JOB_ONE_AT_A_TIME) != 0;
    elements.push_back(std::move(element));
  }
}
void read_job(const json::value& element, Manifest& manifest) {
  const json::object& object = as_object(element);
  RegisteredJob one;
  one.name = text_member(object, "name");
  one.every_ms = static_cast<std::uint64_t>(integer_member(object, "every_ms", kMost));
  one.payload_schema = embedded_member(object, "payload_schema");
  read_attempts(object, CALIXO_JOB_IN_TRANSACTION, one);
  if (flag_member(object, "one_at_a_time")) one.flags |= CALIXO_JOB_ONE_AT_A_TIME;
  manifest.registrations.jobs.push_back(std::move(one));
}

void write_commands(const Manifest& manifest, json::array& elements) {
  for (const RegisteredCommand& command : manifest.registrations.commands) {
    elements.push_back(json::object{
        {"words", command.words}, {"summary", command.summary}, {"usage", command.usage}});
  }
}
void read_command(const json::value& element, Manifest& manifest) {
  const json::object& object = as_object(element);
  RegisteredCommand command;
  command.words = text_member(object, "words");
  command.summary = text_member(object, "summary");
  command.usage = text_member(object, "usage");
  manifest.registrations.commands.push_back(std::move(command));
}

void write_messages(const Manifest& manifest, json::array& elements) {
  for (const RegisteredMessage& message : manifest.registrations.messages) {
    elements.push_back(json::object{
        {"code", message.code}, {"language", message.language}, {"text", message.text}});
  }
}
void read_message(const json::value& element, Manifest& manifest) {
  const json::object& object = as_object(element);
  manifest.registrations.messages.push_back(
      {text_member(object, "code"), text_member(object, "language"), text_member(object, "text")});
}

constexpr ManifestSection kSections[] = {
    {"routes", &write_routes, &read_route},
    {"keys", &write_keys, &read_key},
    {"tables", &write_tables, &read_table},
    {"migrations", &write_migrations, &read_migration},
    {"services", &write_services, &read_service},
    {"needs", &write_needs, &read_need},
    {"depends", &write_depends, &read_depend},
    {"extension_points", &write_points, &read_point},
    {"extensions", &write_extensions, &read_extension},
    {"events", &write_events, &read_event},
    {"subscriptions", &write_subscriptions, &read_subscription},
    {"jobs", &write_jobs, &read_job},
    {"grants", &write_grants, &read_grant},
    {"commands", &write_commands, &read_command},
    {"messages", &write_messages, &read_message},
};

}  // namespace

std::span<const ManifestSection> manifest_sections() { return kSections; }

}  // namespace calixo::host
