// Query strings bound to described structs: "type=daily&limit=20&tag=a&tag=b".
// [any-thread]
#pragma once

#include <calixo/detail/query_reader.hpp>

#include <string_view>

namespace calixo {

// Reads a raw query string (no '?'). Members are scalars, or lists of scalars given by repeating
// the key. Booleans are true, false, 1 or 0. Throws Problem 422 validation_failed with every wrong
// parameter, messages in `language`.
template <detail::Described T>
T parse_query(std::string_view query, std::string_view language = "en") {
  T value{};
  detail::FieldErrors errors(language);
  detail::QueryReader<T>(value, errors).read(query);
  errors.throw_if_any();
  return value;
}

}  // namespace calixo
