// Whether an answer is what its JSON Schema says.
#include <algorithm>
#include <boost/json.hpp>

#include "app/validate/schema_values.hpp"

namespace calixo::host {

namespace json = boost::json;

namespace {

bool is_of_type(const json::value& value, std::string_view type) {
  if (type == "null") return value.is_null();
  if (type == "boolean") return value.is_bool();
  if (type == "string") return value.is_string();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  return true;
}

std::string type_mismatch(const json::value& type, const json::value& value) {
  if (type.is_string()) {
    const std::string_view name = type.get_string();
    return is_of_type(value, name) ? std::string() : "not of type " + std::string(name);
  }
  if (!type.is_array()) return {};
  for (const json::value& one : type.get_array()) {
    if (one.is_string() && is_of_type(value, one.get_string())) return {};
  }
  return "of none of the types " + json::serialize(type);
}

std::string bounds_mismatch(const json::object& schema, const json::value& value) {
  if (!value.is_number()) return {};
  const double number = value.to_number<double>();
  const json::value* least = schema.if_contains("minimum");
  const json::value* most = schema.if_contains("maximum");
  if (least != nullptr && least->is_number() && number < least->to_number<double>()) {
    return "below " + json::serialize(*least);
  }
  if (most != nullptr && most->is_number() && number > most->to_number<double>()) {
    return "above " + json::serialize(*most);
  }
  return {};
}

std::string object_mismatch(const json::object& schema, const json::object& value,
                            const std::string& path) {
  const json::value* required = schema.if_contains("required");
  if (required != nullptr && required->is_array()) {
    for (const json::value& name : required->get_array()) {
      if (name.is_string() && !value.contains(name.get_string())) {
        return path + ": lacks " + std::string(name.get_string());
      }
    }
  }
  const json::value* properties = schema.if_contains("properties");
  const json::value* others = schema.if_contains("additionalProperties");
  for (const auto& [name, inner] : value) {
    const std::string where = (path.empty() ? "" : path + ".") + std::string(name);
    const json::value* of = properties != nullptr && properties->is_object()
                                ? properties->get_object().if_contains(name)
                                : nullptr;
    if (of == nullptr && others != nullptr && others->is_bool() && !others->get_bool()) {
      return where + ": the schema has no such member";
    }
    if (of == nullptr) of = others;
    if (of == nullptr) continue;
    if (std::string found = mismatch(*of, inner, where); !found.empty()) return found;
  }
  return {};
}

std::string array_mismatch(const json::object& schema, const json::array& value,
                           const std::string& path) {
  const json::value* items = schema.if_contains("items");
  for (std::size_t i = 0; items != nullptr && i < value.size(); ++i) {
    std::string found = mismatch(*items, value[i], path + "[" + std::to_string(i) + "]");
    if (!found.empty()) return found;
  }
  return {};
}

bool fits_one_of(const json::value& schemas, const json::value& value) {
  if (!schemas.is_array()) return true;
  return std::any_of(schemas.get_array().begin(), schemas.get_array().end(),
                     [&](const json::value& one) { return mismatch(one, value).empty(); });
}

}  // namespace

std::string mismatch(const json::value& schema, const json::value& value, const std::string& path) {
  if (!schema.is_object()) return {};  // true, or nothing that is known here
  const json::object& words = schema.get_object();
  const std::string where = path.empty() ? "the whole" : path;
  for (const std::string_view either : {"anyOf", "oneOf"}) {
    const json::value* some = words.if_contains(either);
    if (some != nullptr && !fits_one_of(*some, value)) {
      return where + ": fits none of " + std::string(either);
    }
  }
  std::string found;
  if (const json::value* type = words.if_contains("type")) found = type_mismatch(*type, value);
  if (const json::value* choices = words.if_contains("enum");
      found.empty() && choices != nullptr && choices->is_array()) {
    const json::array& all = choices->get_array();
    if (std::find(all.begin(), all.end(), value) == all.end()) found = "none of the enum's values";
  }
  if (found.empty()) found = bounds_mismatch(words, value);
  if (!found.empty()) return where + ": " + found;
  if (value.is_object()) return object_mismatch(words, value.get_object(), path);
  if (value.is_array()) return array_mismatch(words, value.get_array(), path);
  return {};
}

}  // namespace calixo::host
