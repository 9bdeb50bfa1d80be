// What clients store about their user, as JSON. Pure functions. [any-thread]
#pragma once

#include <calixo/json.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace calixo::auth {

// An object of at most bytes_max as text, without what the database's jsonb refuses.
bool is_storable(const Json& data, std::int64_t bytes_max);

// The name under one of the usual keys, if it makes a display name.
std::optional<std::string> display_name_of(const Json& data);

// The object with the fields of change put over its own; null takes one out.
Json merged(const Json& data, const Json& change);

}  // namespace calixo::auth
