#include "app/validate/request_maker.hpp"

#include <Poco/URI.h>

#include <boost/json.hpp>

namespace calixo::host {

namespace json = boost::json;

namespace {

constexpr std::size_t kHugeBytes = 400 * 1024;
constexpr std::size_t kDepth = 20'000;
constexpr std::size_t kDefaultBodyBytesMax = 1024 * 1024;
constexpr std::size_t kNoiseBytesMax = 512;

json::value parsed(const std::string& schema) {
  boost::system::error_code fault;
  json::value value = json::parse(schema, fault);
  return fault ? json::value(json::object()) : value;
}

std::string encoded(std::string_view text) {
  std::string out;
  Poco::URI::encode(std::string(text), "?&=#/+%;\"<>\\^`{|}", out);
  return out;
}

std::string noise(Chance& chance) {
  std::string bytes;
  for (std::uint64_t i = chance.below(kNoiseBytesMax); i > 0; --i) {
    bytes += static_cast<char>(chance.below(256));
  }
  return bytes;
}

std::string path_value(std::string_view type, InputKind kind, Chance& chance) {
  static constexpr std::array<std::string_view, 5> kIntegers{
      "0", "-1", "2147483648", "9223372036854775807", "9223372036854775808"};
  const bool is_plain = kind == InputKind::valid || kind == InputKind::huge || chance.one_in(2);
  if (type == "int") {
    return is_plain ? std::to_string(1 + chance.below(3))
                    : std::string(kIntegers[chance.below(kIntegers.size())]);
  }
  if (type == "uuid") {
    return is_plain ? std::string(kBenchUser) : "00000000-0000-0000-0000-000000000000";
  }
  if (is_plain) return "word" + std::to_string(chance.below(3));
  return encoded(kind == InputKind::noise ? "\xff\xfe" + noise(chance).substr(0, 20)
                                          : std::string(200, 'x'));
}

// "/api/things/{id:int}" with values in place of parameters.
std::string path_of(const std::string& pattern, InputKind kind, Chance& chance) {
  std::string path;
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = pattern.find('{', at);
    path += pattern.substr(at, open - at);
    if (open == std::string::npos) return path;
    const std::size_t close = pattern.find('}', open);
    const std::string parameter = pattern.substr(open + 1, close - open - 1);
    const std::size_t colon = parameter.find(':');
    path +=
        path_value(colon == std::string::npos ? "str" : parameter.substr(colon + 1), kind, chance);
    at = close + 1;
  }
}

json::value value_for(const json::value& schema, InputKind kind, Chance& chance) {
  if (kind == InputKind::boundary) return boundary_value(schema, chance);
  json::value made = valid_value(schema, chance);
  if (kind != InputKind::wrong_type) return made;
  if (!made.is_object() || made.get_object().empty() || chance.one_in(5)) {
    return foreign_value(chance);
  }
  json::object& object = made.get_object();
  const auto at = static_cast<std::ptrdiff_t>(chance.below(object.size()));
  std::next(object.begin(), at)->value() = foreign_value(chance);
  return made;
}

std::string query_text(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  return json::serialize(value);
}

std::string query_of(const std::string& schema, InputKind kind, Chance& chance) {
  if (schema.empty()) return {};
  if (kind == InputKind::noise && chance.one_in(2)) return "?" + encoded(noise(chance)) + "=%zz&&=";
  const json::value made = value_for(parsed(schema), kind, chance);
  if (!made.is_object()) return "?" + encoded(query_text(made));
  std::string query;
  for (const auto& [name, value] : made.get_object()) {
    std::string text = query_text(value);
    if (kind == InputKind::huge) text += std::string(6000, 'q');
    query += (query.empty() ? "?" : "&") + encoded(name) + "=" + encoded(text);
  }
  return query;
}

// A member's text made long, or the whole.
std::string huge_body(json::value made, Chance& chance) {
  const json::string long_text(kHugeBytes,
                               static_cast<char>('a' + static_cast<char>(chance.below(26))));
  if (made.is_object() && !made.get_object().empty()) {
    json::object& object = made.get_object();
    std::next(object.begin(), static_cast<std::ptrdiff_t>(chance.below(object.size())))->value() =
        long_text;
  } else {
    made = long_text;
  }
  return json::serialize(made);
}

std::string deep_body(const json::value& made) {
  std::string nested = std::string(kDepth, '[') + std::string(kDepth, ']');
  if (!made.is_object() || made.get_object().empty()) return nested;
  std::string text = "{";
  for (const auto& [name, value] : made.get_object()) {
    text += (text.size() > 1 ? "," : "") + json::serialize(json::string(name)) + ":" + nested;
    break;
  }
  return text + "}";
}

std::string noisy_body(std::string text, Chance& chance) {
  switch (chance.below(3)) {
    case 0:
      return noise(chance);
    case 1:
      return text.substr(0, chance.below(text.size() + 1));
    default:
      if (!text.empty()) text[chance.below(text.size())] = static_cast<char>(chance.below(256));
      return text;
  }
}

std::string body_of(const RegisteredRoute& route, InputKind kind, Chance& chance) {
  if (route.request_schema.empty()) return noise(chance);  // a body that is read as bytes
  const json::value made = value_for(parsed(route.request_schema), kind, chance);
  switch (kind) {
    case InputKind::noise:
      return noisy_body(json::serialize(made), chance);
    case InputKind::huge:
      return huge_body(made, chance);
    case InputKind::deep:
      return deep_body(made);
    default:
      return json::serialize(made);
  }
}

}  // namespace

std::string_view to_text(InputKind kind) {
  static constexpr std::array<std::string_view, 6> kNames{"valid", "boundary", "wrong type",
                                                          "noise", "huge",     "deep"};
  return kNames[static_cast<std::size_t>(kind)];
}

BenchRequest make_request(const RegisteredRoute& route, InputKind kind, Chance& chance) {
  BenchRequest request;
  request.route = &route;
  request.target =
      path_of(route.route.path, kind, chance) + query_of(route.query_schema, kind, chance);
  if (route.route.has_body) {
    request.body = body_of(route, kind, chance);
    request.content_type = route.route.consumes;
    const std::uint64_t limit =
        route.route.body_bytes_max == 0 ? kDefaultBodyBytesMax : route.route.body_bytes_max;
    if (request.body.size() > limit) request.body.resize(limit);
  }
  const bool may_be_anonymous = (route.route.roles & CALIXO_ROLE_ANONYMOUS) != 0;
  request.is_anonymous = may_be_anonymous && kind != InputKind::valid && chance.one_in(3);
  return request;
}

}  // namespace calixo::host
