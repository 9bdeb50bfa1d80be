#include "user_data.hpp"

#include <boost/json/serialize.hpp>
#include <string_view>

namespace calixo::auth {
namespace {

constexpr std::size_t kNameLengthMax = 60;

bool is_printable(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) return false;
  }
  return true;
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (c & 0xc0) != 0x80 ? 1 : 0;
  return count;
}

// PostgreSQL's text holds no NUL, so jsonb refuses the escape of one.
bool has_nul(std::string_view json_text) { return json_text.find("\\u0000") != json_text.npos; }

}  // namespace

bool is_storable(const Json& data, std::int64_t bytes_max) {
  if (!data.is_object()) return false;
  const std::string text = boost::json::serialize(data);
  return text.size() <= static_cast<std::size_t>(bytes_max) && !has_nul(text);
}

std::optional<std::string> display_name_of(const Json& data) {
  if (!data.is_object()) return std::nullopt;
  for (const char* key : {"display_name", "full_name", "name"}) {
    const Json* value = data.get_object().if_contains(key);
    if (value == nullptr || !value->is_string()) continue;
    const std::string_view name(value->get_string().data(), value->get_string().size());
    if (is_printable(name) && !name.empty() && code_points(name) <= kNameLengthMax) {
      return std::string(name);
    }
  }
  return std::nullopt;
}

Json merged(const Json& data, const Json& change) {
  boost::json::object result = data.is_object() ? data.get_object() : boost::json::object();
  for (const auto& [key, value] : change.get_object()) {
    if (value.is_null()) {
      result.erase(key);
    } else {
      result[key] = value;
    }
  }
  return result;
}

}  // namespace calixo::auth
