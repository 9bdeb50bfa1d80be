#include "stripe_object.hpp"

namespace calixo::billing {
namespace {

constexpr std::size_t kTextBytesMax = 255;  // as the tables have it
constexpr std::int64_t kYear10000 = 253'402'300'800;

}  // namespace

const Json* find(const Json& value, Path path) {
  const Json* at = &value;
  for (const std::string_view name : path) {
    const boost::json::object* const object = at->if_object();
    if (object == nullptr) return nullptr;
    at = object->if_contains(boost::json::string_view(name.data(), name.size()));
    if (at == nullptr) return nullptr;
  }
  return at->is_null() ? nullptr : at;
}

std::optional<std::string> text_at(const Json& value, Path path) {
  const Json* const found = find(value, path);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  const auto& text = found->get_string();
  if (text.size() > kTextBytesMax || text.find('\0') != text.npos) return std::nullopt;
  return std::string(text);
}

std::optional<std::int64_t> integer_at(const Json& value, Path path) {
  const Json* const found = find(value, path);
  if (found == nullptr || !found->is_int64()) return std::nullopt;
  return found->get_int64();
}

std::optional<Timestamp> time_at(const Json& value, Path path) {
  const auto seconds = integer_at(value, path);
  if (!seconds || *seconds < 0 || *seconds >= kYear10000) return std::nullopt;
  return Timestamp::from_unix_s(*seconds);
}

bool is_true_at(const Json& value, Path path) {
  const Json* const found = find(value, path);
  return found != nullptr && found->is_bool() && found->get_bool();
}

std::optional<std::string> id_at(const Json& value, Path path) {
  const Json* const found = find(value, path);
  if (found == nullptr) return std::nullopt;
  return found->is_object() ? text_at(*found, {"id"}) : text_at(value, path);
}

const boost::json::array* items_at(const Json& value, Path path) {
  const Json* const list = find(value, path);
  if (list == nullptr) return nullptr;
  const Json* const data = find(*list, {"data"});
  return data == nullptr ? nullptr : data->if_array();
}

}  // namespace calixo::billing
