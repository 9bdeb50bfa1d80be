// What may be stored about a user and travels in every access token.
// Pure functions. [any-thread]
#pragma once

#include <calixo/json.hpp>

#include <cstdint>
#include <string>

namespace calixo::auth {

// An object, small enough, and without NUL, which PostgreSQL's text does not hold.
inline bool is_storable_metadata(const Json& metadata, std::int64_t bytes_max) {
  if (!metadata.is_object()) return false;
  const std::string text = to_json(metadata);
  return text.size() <= static_cast<std::size_t>(bytes_max) &&
         text.find("\\u0000") == std::string::npos;
}

}  // namespace calixo::auth
