// Reads Stripe's JSON objects by path. Absence and null are the same. [any-thread]
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace calixo::billing {

using Path = std::initializer_list<std::string_view>;

// nullptr where there is no such member, or it is null.
const Json* find(const Json& value, Path path);
// Nothing where it is longer than any id or word of Stripe's.
std::optional<std::string> text_at(const Json& value, Path path);
std::optional<std::int64_t> integer_at(const Json& value, Path path);
std::optional<Timestamp> time_at(const Json& value, Path path);
bool is_true_at(const Json& value, Path path);
// The id of another object, which stands there as a text or as the whole object ("expanded").
std::optional<std::string> id_at(const Json& value, Path path);
// The items of a list: {"data": […]}.
const boost::json::array* items_at(const Json& value, Path path);

}  // namespace calixo::billing
