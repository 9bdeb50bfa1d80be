#include "plugin/openapi.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <map>
#include <set>
#include <stdexcept>
#include <string_view>

#include "plugin/idempotent_call.hpp"

namespace calixo::host {
namespace {

namespace json = boost::json;

struct PathTemplate {
  std::string path;  // "/api/challenges/{id}"
  json::array parameters;
};

json::object parameter_schema(std::string_view type) {
  if (type == "int") return {{"type", "integer"}, {"format", "int64"}};
  if (type == "uuid") return {{"type", "string"}, {"format", "uuid"}};
  return {{"type", "string"}};
}

// "/api/challenges/{id:int}" without the type, and its parameters.
PathTemplate path_template(std::string_view path) {
  PathTemplate result;
  while (!path.empty()) {
    const std::size_t open = path.find('{');
    result.path += path.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = path.find('}', open);
    const std::string_view inner = path.substr(open + 1, close - open - 1);
    const std::size_t colon = inner.find(':');
    const std::string_view name = inner.substr(0, colon);
    const std::string_view type = colon == std::string_view::npos ? "str" : inner.substr(colon + 1);
    result.path += "{" + std::string(name) + "}";
    result.parameters.push_back(json::object{
        {"name", name}, {"in", "path"}, {"required", true}, {"schema", parameter_schema(type)}});
    path.remove_prefix(close + 1);
  }
  return result;
}

// "postApiChallengesStart"
std::string derived_operation_id(const RegisteredRoute& route) {
  std::string id;
  for (const char letter : route.route.method) id += static_cast<char>(std::tolower(letter));
  bool is_start = true;
  for (const char letter : path_template(route.route.path).path) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) {
      is_start = true;
      continue;
    }
    id += is_start ? static_cast<char>(std::toupper(letter)) : letter;
    is_start = false;
  }
  return id;
}

json::value parsed(const std::string& schema, const RegisteredRoute& route) {
  boost::system::error_code failure;
  json::value value = json::parse(schema, failure);
  if (failure || !value.is_object()) {
    throw std::runtime_error("the schema of " + route.route.method + " " + route.route.path +
                             " (plugin " + route.route.owner + ") is not a JSON object");
  }
  return value;
}

void append_query_parameters(json::array& parameters, const RegisteredRoute& route) {
  if (route.query_schema.empty()) return;
  const json::value schema = parsed(route.query_schema, route);
  const json::object& object = schema.as_object();
  std::set<std::string> required;
  if (const json::value* names = object.if_contains("required")) {
    for (const json::value& name : names->as_array()) required.emplace(name.as_string());
  }
  const json::value* properties = object.if_contains("properties");
  if (properties == nullptr) return;
  for (const auto& [name, property] : properties->as_object()) {
    json::object parameter{{"name", name},
                           {"in", "query"},
                           {"required", required.count(std::string(name)) > 0},
                           {"schema", property}};
    if (const json::value* text = property.as_object().if_contains("description")) {
      parameter["description"] = *text;
    }
    parameters.push_back(std::move(parameter));
  }
}

json::object problem_response(std::string_view description) {
  return {
      {"description", description},
      {"content",
       {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

// Of a route that answers its problems in a wire format of its own, which the plugin alone knows.
json::object foreign_problem_response(std::string_view description) {
  return {{"description", description},
          {"content", {{"application/json", {{"schema", {{"type", "object"}}}}}}}};
}

bool is_open_to_all(const Route& route) { return (route.roles & CALIXO_ROLE_ANONYMOUS) != 0; }

// What can go wrong: the codes that the plugin declared, and those the host answers for it.
json::object problem_responses(const RegisteredRoute& route) {
  std::map<std::string, std::string> by_status;
  const auto note = [&](const std::string& status, const std::string& code) {
    std::string& codes = by_status[status];
    if (codes.find(code) == std::string::npos) codes += (codes.empty() ? "" : ", ") + code;
  };
  if (!route.request_schema.empty()) {
    note("400", "malformed_json");
    note("415", "unsupported_media_type");
  }
  if (!route.request_schema.empty() || !route.query_schema.empty()) {
    note("422", "validation_failed");
  }
  if (!is_open_to_all(route.route)) {
    note("401", "authentication_required");
    note("403", "forbidden");
  }
  std::string_view rest = route.problem_codes;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view entry = rest.substr(0, end);
    if (const std::size_t colon = entry.find(':'); colon != std::string_view::npos) {
      note(std::string(entry.substr(0, colon)), std::string(entry.substr(colon + 1)));
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (by_status.empty()) note("406", "not_acceptable");
  const auto response =
      route.render_problem == nullptr ? &problem_response : &foreign_problem_response;
  json::object responses;
  for (const auto& [status, codes] : by_status) responses[status] = response(codes);
  responses["503"] = response("unavailable, overloaded; Retry-After says when to try again");
  return responses;
}

json::object success_response(const RegisteredRoute& route) {
  json::object response{{"description", route.response_schema.empty() ? "Done" : "Success"}};
  if (!route.response_schema.empty()) {
    response["content"] = {
        {route.route.produces, {{"schema", parsed(route.response_schema, route)}}}};
  }
  return response;
}

json::object operation_of(const RegisteredRoute& route, std::set<std::string>& operation_ids) {
  std::string id = route.operation_id;
  if (id.empty() || operation_ids.count(id) > 0) id = derived_operation_id(route);
  operation_ids.insert(id);

  json::object operation{
      {"operationId", id},
      {"summary",
       route.summary.empty() ? route.route.method + " " + route.route.path : route.summary},
      {"tags", json::array{route.tag}}};
  json::array parameters = path_template(route.route.path).parameters;
  append_query_parameters(parameters, route);
  if (takes_idempotency_key(route.route)) {
    parameters.push_back(json::object{{"$ref", "#/components/parameters/IdempotencyKey"}});
  }
  if (!parameters.empty()) operation["parameters"] = std::move(parameters);
  if (!route.request_schema.empty()) {
    operation["requestBody"] = {
        {"required", true},
        {"content", {{route.route.consumes, {{"schema", parsed(route.request_schema, route)}}}}}};
  }
  operation["security"] = is_open_to_all(route.route)
                              ? json::array{json::object{}, json::object{{"bearer", json::array{}}}}
                              : json::array{json::object{{"bearer", json::array{}}}};
  json::object responses{{std::to_string(route.success_status), success_response(route)}};
  for (auto& [status, response] : problem_responses(route)) responses[status] = std::move(response);
  operation["responses"] = std::move(responses);
  return operation;
}

json::object idempotency_parameter() {
  return {{"name", "Idempotency-Key"},
          {"in", "header"},
          {"required", false},
          {"schema", {{"type", "string"}, {"minLength", 1}, {"maxLength", 255}}},
          {"description",
           "A request sent again with the same key within a day is done once and answered the "
           "same, with Idempotency-Replayed: true."}};
}

json::object problem_schema() {
  const json::object text{{"type", "string"}};
  return {{"type", "object"},
          {"description",
           "RFC 9457 problem document; `code` is stable, `message` is in the caller's language."},
          {"required", {"status", "code", "message"}},
          {"properties",
           {{"type", text},
            {"title", text},
            {"status", {{"type", "integer"}}},
            {"code", text},
            {"message", text},
            {"request_id", text},
            {"errors",
             {{"type", "array"},
              {"items",
               {{"type", "object"},
                {"required", {"field", "code", "message"}},
                {"properties", {{"field", text}, {"code", text}, {"message", text}}}}}}}}}};
}

}  // namespace

std::string openapi_document(const OpenApiInfo& info,
                             const std::vector<const RegisteredRoute*>& routes) {
  json::object paths;
  std::set<std::string> operation_ids;
  std::set<std::string> tags;
  for (const RegisteredRoute* route : routes) {
    if (route->hidden) continue;
    std::string method;
    for (const char letter : route->route.method) {
      method += static_cast<char>(std::tolower(letter));
    }
    json::value& path = paths[path_template(route->route.path).path];
    if (!path.is_object()) path = json::object();
    path.as_object()[method] = operation_of(*route, operation_ids);
    tags.insert(route->tag);
  }
  json::array tag_list;
  for (const std::string& tag : tags) {
    tag_list.push_back(json::object{{"name", tag}, {"description", "Routes of " + tag + "."}});
  }
  const json::object document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Calixo"},
        {"version", info.version},
        {"description", "The Calixo server: every route that the enabled plugins registered."}}},
      {"servers", json::array{json::object{{"url", info.server_url}}}},
      {"tags", std::move(tag_list)},
      {"paths", std::move(paths)},
      {"components",
       {{"securitySchemes",
         {{"bearer", {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}}}}},
        {"parameters", {{"IdempotencyKey", idempotency_parameter()}}},
        {"schemas", {{"Problem", problem_schema()}}}}}};
  return json::serialize(document);
}

}  // namespace calixo::host
