// Strict reading of a manifest's members.
#include "plugin/manifest_sections.hpp"

namespace calixo::host {
namespace {

namespace json = boost::json;

const json::value& member(const json::object& object, const char* name) {
  const json::value* found = object.if_contains(name);
  if (found == nullptr) throw ManifestError(std::string(name) + " is missing");
  return *found;
}

}  // namespace

std::string as_text(const json::value& value) {
  if (!value.is_string()) throw ManifestError("a text is expected");
  std::string text(value.get_string());
  if (text.find('\0') != std::string::npos) throw ManifestError("a text holds a NUL byte");
  return text;
}

const json::object& as_object(const json::value& value) {
  if (!value.is_object()) throw ManifestError("an object is expected");
  return value.get_object();
}

std::string text_member(const json::object& object, const char* name) {
  try {
    return as_text(member(object, name));
  } catch (const ManifestError& error) {
    throw ManifestError(std::string(name) + ": " + error.what());
  }
}

std::int64_t integer_member(const json::object& object, const char* name, std::int64_t most) {
  const json::value& value = member(object, name);
  if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > most) {
    throw ManifestError(std::string(name) + ": a number from 0 to " + std::to_string(most) +
                        " is expected");
  }
  return value.get_int64();
}

bool flag_member(const json::object& object, const char* name) {
  const json::value& value = member(object, name);
  if (!value.is_bool()) throw ManifestError(std::string(name) + ": true or false is expected");
  return value.get_bool();
}

std::vector<std::string> texts_member(const json::object& object, const char* name) {
  const json::value& value = member(object, name);
  if (!value.is_array()) throw ManifestError(std::string(name) + ": a list is expected");
  std::vector<std::string> all;
  for (const json::value& element : value.get_array()) all.push_back(as_text(element));
  return all;
}

}  // namespace calixo::host
