#include "app/config_routes.hpp"

#include <calixo/abi/principal.h>

#include <array>
#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "config/configuration.hpp"
#include "config/key_rules.hpp"
#include "db/array_text.hpp"
#include "db/database.hpp"
#include "db/migrator.hpp"
#include "http/exchange.hpp"
#include "log/log.hpp"
#include "plugin/idempotent_call.hpp"

namespace calixo::host {
namespace {

namespace json = boost::json;

constexpr std::string_view kJson = "application/json";
constexpr const char* kListPath = "/api/admin/config";
constexpr const char* kListSchema =
    R"({"type":"object","required":["items","next"],"properties":{)"
    R"("items":{"type":"array","items":{"type":"object","required":["key","type","value"],)"
    R"("properties":{"key":{"type":"string"},"type":{"enum":["bool","int","real","text"]},)"
    R"("value":{},"default":{},"origin":{"type":"string"},"description":{"type":"string"},)"
    R"("min":{"type":["number","null"]},"max":{"type":["number","null"]},)"
    R"("choices":{"type":"array","items":{"type":"string"}},"public":{"type":"boolean"}}}},)"
    R"("next":{"type":"null"}}})";
constexpr const char* kChangeSchema =
    R"({"type":"object","minProperties":1,"maxProperties":100,"additionalProperties":)"
    R"({"type":["boolean","number","string","null"]},)"
    R"("description":"New values by key; null: what file and environment say again."})";

// All of one statement: of several changes all take effect or none.
constexpr std::string_view kWrite =
    "with given as (select * from unnest($1::text[], $2::text[]) as given (key, value)),"
    " gone as (delete from config using given"
    "  where config.key = given.key and given.value is null)"
    " insert into config (key, value, updated_by)"
    " select key, value::jsonb, nullif($3, '')::uuid from given where value is not null"
    " on conflict (key) do update set value = excluded.value, updated_at = now(),"
    "  updated_by = excluded.updated_by";

std::string_view type_word(KeyType type) {
  switch (type) {
    case KeyType::boolean:
      return "bool";
    case KeyType::integer:
      return "int";
    case KeyType::real:
      return "real";
    case KeyType::text:
      break;
  }
  return "text";
}

json::value typed(KeyType type, const std::string& text) {
  if (type == KeyType::boolean) return text == "true";
  if (type == KeyType::integer) return to_integer(text).value_or(0);
  if (type == KeyType::real) return to_real(text).value_or(0);
  return json::string(text);
}

json::value bound(const std::optional<double>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::object described(const Configuration& configuration, const Key& key) {
  json::object told{{"key", key.name}, {"type", type_word(key.type)}};
  told["value"] = key.secret ? json::value(configuration.shown(key.name))
                             : typed(key.type, configuration.get_text(key.name));
  told["default"] = typed(key.type, key.default_value);
  told["origin"] = configuration.origin(key.name);
  told["description"] = key.description;
  told["min"] = bound(key.min);
  told["max"] = bound(key.max);
  told["choices"] = json::array(key.choices.begin(), key.choices.end());
  told["public"] = key.is_public;
  return told;
}

void answer_list(const Configuration& configuration, Exchange& exchange) {
  json::array items;
  for (const Key* key : configuration.keys()) {
    if (key->runtime) items.push_back(described(configuration, *key));
  }
  exchange.set_header("Cache-Control", "no-store");
  exchange.respond(200, kJson,
                   json::serialize(json::object{{"items", std::move(items)}, {"next", nullptr}}));
}

// --- a change ---

struct Change {
  std::string key;
  std::optional<std::string> value_json;  // nothing: the overlay goes
};

// A value as keys' rules take it; nothing where it is no scalar.
std::optional<std::string> text_of(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_object() || value.is_array() || value.is_null()) return std::nullopt;
  return json::serialize(value);
}

json::object fault(std::string_view key, std::string_view code, std::string_view message) {
  return json::object{{"field", key}, {"code", code}, {"message", message}};
}

// What the member asks for, or why it can't be, in `faults`.
std::optional<Change> change_of(const Configuration& configuration, std::string_view name,
                                const json::value& value, bool is_spanish, json::array& faults) {
  const Key* const key = configuration.find(name);
  if (key == nullptr || !key->runtime) {
    faults.push_back(fault(name, "unknown_key",
                           is_spanish ? "No es una clave que cambie en marcha."
                                      : "Is not a key that changes at run time."));
    return std::nullopt;
  }
  Change change{std::string(name), std::nullopt};
  if (value.is_null()) return change;
  const auto text = text_of(value);
  const bool is_text_wanted = key->type == KeyType::text;
  if (!text || value.is_string() != is_text_wanted || !value_fault(*key, *text).empty()) {
    const std::string wanted = values_text(*key);
    faults.push_back(
        fault(name, "invalid_value", (is_spanish ? "Debe ser: " : "Must be ") + wanted + "."));
    return std::nullopt;
  }
  change.value_json = json::serialize(value);
  return change;
}

void fail(Exchange& exchange, std::uint16_t status, std::string code, std::string errors = {}) {
  Problem problem;
  problem.http_status = status;
  problem.code = std::move(code);
  problem.errors_json = std::move(errors);
  exchange.fail(problem);
}

DbStatus write(Database& database, const Principal& caller, const std::vector<Change>& changes) {
  std::vector<std::string> keys;
  std::vector<std::optional<std::string>> values;
  for (const Change& change : changes) {
    keys.push_back(change.key);
    values.push_back(change.value_json);
  }
  const std::string names = array_of(keys);
  const std::string texts = array_of(values);
  const std::array<std::optional<std::string_view>, 3> parameters{names, texts, caller.user_id};
  const Statement statement{kWrite, parameters};
  const std::string role = runtime_role("host");
  std::vector<ResultSet> results;
  const DbStatus status =
      database.run({role, caller.claims_json, caller.user_id}, {&statement, 1}, results);
  if (status == DbStatus::sql_error) {
    log::error("runtime keys can't be written", {{"error", results[0].error_message()}});
  }
  return status;
}

void answer_changed(const Configuration& configuration, const std::vector<Change>& changes,
                    Exchange& exchange) {
  json::object told;
  for (const Change& change : changes) {
    const Key& key = *configuration.find(change.key);
    told[change.key] =
        change.value_json ? json::parse(*change.value_json) : typed(key.type, key.default_value);
    log::info("runtime key changed", {{"key", change.key},
                                      {"by", exchange.principal().user_id},
                                      {"request_id", exchange.request_id()}});
  }
  exchange.respond(200, kJson, json::serialize(told));
}

void change_keys(const Configuration& configuration, Database& database, Exchange& exchange) {
  boost::system::error_code error;
  const json::value body = json::parse(exchange.body(), error);
  if (error) return fail(exchange, 400, "malformed_json");
  const json::object* const members = body.if_object();
  if (members == nullptr || members->empty() || members->size() > 100) {
    const bool is_spanish = exchange.language() == "es";
    return fail(
        exchange, 422, "validation_failed",
        json::serialize(json::array{fault("", "size",
                                          is_spanish ? "Debe ser un objeto de 1 a 100 claves."
                                                     : "Must be an object of 1 to 100 keys.")}));
  }
  json::array faults;
  std::vector<Change> changes;
  for (const auto& [name, value] : *members) {
    auto change = change_of(configuration, name, value, exchange.language() == "es", faults);
    if (change) changes.push_back(std::move(*change));
  }
  if (!faults.empty()) return fail(exchange, 422, "validation_failed", json::serialize(faults));
  const DbStatus status = write(database, exchange.principal(), changes);
  if (status == DbStatus::ok) return answer_changed(configuration, changes, exchange);
  if (status == DbStatus::sql_error) return fail(exchange, 500, "internal");
  if (status == DbStatus::timed_out) return fail(exchange, 504, "deadline_exceeded");
  fail(exchange, 503, "unavailable");
}

class ConfigHandler final : public RouteHandler {
 public:
  ConfigHandler(Database& database, std::function<void(Exchange&)> answer)
      : database_(database), answer_(std::move(answer)) {}
  void handle(Exchange& exchange) override {
    const std::string_view* const key = idempotency_key_of(exchange);
    if (key == nullptr) return answer_(exchange);
    IdempotentCall(database_, exchange, *key).run([&] { answer_(exchange); });
  }

 private:
  Database& database_;
  std::function<void(Exchange&)> answer_;
};

}  // namespace

std::vector<RegisteredRoute> config_route_list() {
  RegisteredRoute list;
  list.route.method = "GET";
  list.route.path = kListPath;
  list.route.owner = "host";
  list.route.roles = CALIXO_ROLE_ADMIN;
  list.route.produces = kJson;
  list.tag = "server";
  list.summary = "Every runtime key: its value, bounds and where the value comes from";
  list.response_schema = kListSchema;
  RegisteredRoute change = list;
  change.route.method = "PATCH";
  change.route.has_body = true;
  change.summary = "Changes runtime keys, all or none; every node takes them up at once";
  change.request_schema = kChangeSchema;
  change.response_schema = kChangeSchema;
  return {list, change};
}

ConfigRoutes::ConfigRoutes(Configuration& configuration, Database& database, Router& router) {
  for (const RegisteredRoute& registered : config_route_list()) {
    Route route = registered.route;
    std::function<void(Exchange&)> answer;
    if (route.method == "GET") {
      answer = [&configuration](Exchange& exchange) { answer_list(configuration, exchange); };
    } else {
      answer = [&configuration, &database](Exchange& exchange) {
        change_keys(configuration, database, exchange);
      };
    }
    handlers_.push_back(std::make_unique<ConfigHandler>(database, std::move(answer)));
    route.handler = handlers_.back().get();
    router.add(std::move(route));
  }
}

ConfigRoutes::~ConfigRoutes() = default;

}  // namespace calixo::host
