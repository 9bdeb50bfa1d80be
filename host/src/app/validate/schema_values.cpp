#include "app/validate/schema_values.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <limits>

namespace calixo::host {

namespace json = boost::json;

namespace {

constexpr int kDepthMax = 8;
constexpr std::uint64_t kLongMax = 2000;  // characters or items of a boundary value

const json::value* member(const json::value& schema, std::string_view name) {
  return schema.is_object() ? schema.get_object().if_contains(name) : nullptr;
}

std::uint64_t count_of(const json::value& schema, std::string_view name, std::uint64_t otherwise) {
  const json::value* found = member(schema, name);
  if (found == nullptr || !found->is_number()) return otherwise;
  return static_cast<std::uint64_t>(std::max(0.0, found->to_number<double>()));
}

double number_of(const json::value& schema, std::string_view name, double otherwise) {
  const json::value* found = member(schema, name);
  return found != nullptr && found->is_number() ? found->to_number<double>() : otherwise;
}

// The schema's type, the first that is not null where it has several; empty: any.
std::string_view type_of(const json::value& schema) {
  const json::value* type = member(schema, "type");
  if (type == nullptr) return {};
  if (type->is_string()) return type->get_string();
  if (!type->is_array()) return {};
  for (const json::value& one : type->get_array()) {
    if (one.is_string() && one.get_string() != "null") return one.get_string();
  }
  return "null";
}

std::string word(std::uint64_t length, Chance& chance) {
  std::string text;
  for (std::uint64_t i = 0; i < length; ++i) {
    text += static_cast<char>('a' + static_cast<char>(chance.below(26)));
  }
  return text;
}

std::string formatted(std::string_view format, Chance& chance) {
  if (format == "email") return word(6, chance) + "@example.org";
  if (format == "uri") return "https://example.org/" + word(5, chance);
  if (format == "uuid")
    return "00000000-0000-4000-8000-00000000000" + std::to_string(chance.below(10));
  if (format == "date") return "2026-01-0" + std::to_string(1 + chance.below(9));
  if (format == "date-time")
    return "2026-01-0" + std::to_string(1 + chance.below(9)) + "T12:00:00Z";
  return {};
}

json::value valid_text(const json::value& schema, Chance& chance) {
  const json::value* format = member(schema, "format");
  if (format != nullptr && format->is_string()) {
    if (std::string text = formatted(format->get_string(), chance); !text.empty()) {
      return json::string(text);
    }
  }
  const std::uint64_t least = count_of(schema, "minLength", 1);
  const std::uint64_t most = std::max(
      least, std::min<std::uint64_t>(count_of(schema, "maxLength", least + 12), least + 12));
  return json::string(word(least + chance.below(most - least + 1), chance));
}

json::value valid_integer(const json::value& schema, Chance& chance) {
  const double least = number_of(schema, "minimum", 1);
  const double most = std::min(number_of(schema, "maximum", least + 9), least + 9);
  const double span = std::max(0.0, most - least);
  return static_cast<std::int64_t>(least) +
         static_cast<std::int64_t>(chance.below(static_cast<std::uint64_t>(span) + 1));
}

json::value valid_at(const json::value& schema, Chance& chance, int depth);

json::value valid_object(const json::value& schema, Chance& chance, int depth) {
  json::object made;
  const json::value* properties = member(schema, "properties");
  if (properties == nullptr || !properties->is_object()) return made;
  const json::value* required = member(schema, "required");
  for (const auto& property : properties->get_object()) {
    const json::value name(property.key());
    const bool is_required = required != nullptr && required->is_array() &&
                             std::any_of(required->get_array().begin(), required->get_array().end(),
                                         [&](const json::value& one) { return one == name; });
    if (is_required || (depth < kDepthMax && chance.one_in(2))) {
      made[property.key()] = valid_at(property.value(), chance, depth + 1);
    }
  }
  return made;
}

json::value valid_at(const json::value& schema, Chance& chance, int depth) {
  if (depth > kDepthMax) return nullptr;
  if (const json::value* choices = member(schema, "enum");
      choices != nullptr && choices->is_array() && !choices->get_array().empty()) {
    return choices->get_array()[chance.below(choices->get_array().size())];
  }
  for (const std::string_view either : {"anyOf", "oneOf"}) {
    const json::value* some = member(schema, either);
    if (some != nullptr && some->is_array() && !some->get_array().empty()) {
      return valid_at(some->get_array().front(), chance, depth + 1);
    }
  }
  const std::string_view type = type_of(schema);
  if (type == "boolean") return chance.one_in(2);
  if (type == "integer") return valid_integer(schema, chance);
  if (type == "number") return number_of(schema, "minimum", 0) + 0.5;
  if (type == "string") return valid_text(schema, chance);
  if (type == "object") return valid_object(schema, chance, depth);
  if (type == "array") {
    json::array made;
    const std::uint64_t count =
        std::max<std::uint64_t>(count_of(schema, "minItems", 0), chance.below(3));
    const json::value* items = member(schema, "items");
    for (std::uint64_t i = 0; items != nullptr && i < std::min(count, kLongMax); ++i) {
      made.push_back(valid_at(*items, chance, depth + 1));
    }
    return made;
  }
  return type.empty() ? json::value(json::string(word(4, chance))) : json::value(nullptr);
}

json::value boundary_number(const json::value& schema, Chance& chance) {
  const double least = number_of(schema, "minimum", 0), most = number_of(schema, "maximum", 1);
  switch (chance.below(10)) {
    case 0:
      return static_cast<std::int64_t>(std::clamp(least, -9e18, 9e18));
    case 1:
      return static_cast<std::int64_t>(std::clamp(most, -9e18, 9e18));
    case 2:
      return static_cast<std::int64_t>(std::clamp(least, -9e18, 9e18)) - 1;
    case 3:
      return static_cast<std::int64_t>(std::clamp(most, -9e18, 9e18)) + 1;
    case 4:
      return std::numeric_limits<std::int64_t>::max();
    case 5:
      return std::numeric_limits<std::int64_t>::min();
    case 6:
      return std::numeric_limits<std::int32_t>::max();
    case 7:
      return std::numeric_limits<std::uint64_t>::max();
    case 8:
      return 1e308;
    default:
      return 0;
  }
}

json::value boundary_text(const json::value& schema, Chance& chance) {
  static constexpr std::array<std::string_view, 8> kKnown{"",
                                                          " ",
                                                          "'; drop table users; --",
                                                          "%s%n%x",
                                                          "../../etc/passwd",
                                                          "\xf0\x9f\x98\x80\xcc\x81",
                                                          "\x7f\r\n",
                                                          "null"};
  const std::uint64_t least = count_of(schema, "minLength", 0);
  const std::uint64_t most = std::min(count_of(schema, "maxLength", kLongMax), kLongMax);
  switch (chance.below(4)) {
    case 0:
      return json::string(word(most, chance));
    case 1:
      return json::string(word(most + 1, chance));
    case 2:
      return json::string(word(least, chance));
    default:
      return json::string(kKnown[chance.below(kKnown.size())]);
  }
}

}  // namespace

std::uint64_t Chance::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

json::value valid_value(const json::value& schema, Chance& chance) {
  return valid_at(schema, chance, 0);
}

json::value boundary_value(const json::value& schema, Chance& chance) {
  const std::string_view type = type_of(schema);
  if (type == "integer" || type == "number") return boundary_number(schema, chance);
  if (type == "string") return boundary_text(schema, chance);
  json::value made = valid_value(schema, chance);
  if (made.is_array()) {
    const json::value* items = member(schema, "items");
    const std::uint64_t most = std::min(count_of(schema, "maxItems", 20), kLongMax);
    made.get_array().clear();
    for (std::uint64_t i = chance.below(most + 2); items != nullptr && i > 0; --i) {
      made.get_array().push_back(boundary_value(*items, chance));
    }
  } else if (made.is_object() && !made.get_object().empty()) {
    json::object& object = made.get_object();
    const std::string name(
        std::next(object.begin(), static_cast<std::ptrdiff_t>(chance.below(object.size())))->key());
    const json::value* properties = member(schema, "properties");
    const json::value* of = properties == nullptr ? nullptr : member(*properties, name);
    if (of == nullptr || chance.one_in(6)) {
      object.erase(name);
    } else {
      object[name] = chance.one_in(6) ? json::value(nullptr) : boundary_value(*of, chance);
    }
  }
  return made;
}

json::value foreign_value(Chance& chance) {
  switch (chance.below(7)) {
    case 0:
      return nullptr;
    case 1:
      return true;
    case 2:
      return -1;
    case 3:
      return 0.5;
    case 4:
      return json::string("a text");
    case 5:
      return json::array{1, "two", nullptr};
    default:
      return json::object{{"unknown", json::object{{"inner", 1}}}};
  }
}

}  // namespace calixo::host
