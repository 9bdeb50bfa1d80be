// JSON bound to described structs: parse, validate, serialize.
// Types: bool, integers, double, std::string, std::optional, std::vector, std::map<std::string, T>,
// described structs and enums, Json, Timestamp, Uuid. [any-thread]
#pragma once

#include <calixo/detail/read_json.hpp>
#include <calixo/detail/write_json.hpp>
#include <calixo/rules.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace calixo {

// Reads a whole JSON text. Throws Problem: 400 malformed_json where it is none, 422
// validation_failed with every wrong field where it does not fit T. Messages are in `language`.
template <detail::Bindable T>
T parse_json(std::string_view text, std::string_view language = "en") {
  T value{};
  detail::FieldErrors errors(language);
  try {
    detail::JsonReader reader(text);
    detail::read_json(reader, value, detail::kNoRule, detail::Place::field, {}, errors);
    reader.finish();
  } catch (const detail::MalformedJson& fault) {
    throw Problem(400, "malformed_json")
        .message((errors.is_spanish() ? "El cuerpo no es JSON válido, en el byte "
                                      : "The body is not valid JSON, at byte ") +
                 std::to_string(fault.offset) + ": " + fault.reason + ".");
  }
  errors.throw_if_any();
  return value;
}

// Appends the value's JSON. Fields in the struct's order; an empty std::optional is null, or left
// out where its rule says omit_empty(); numbers that are not finite are null.
template <detail::Bindable T>
void append_json(std::string& out, const T& value) {
  detail::write_json(out, value);
}

// The JSON of a bindable value, as answers are written.
template <detail::Bindable T>
std::string to_json(const T& value) {
  std::string out;
  append_json(out, value);
  return out;
}

// A page of a list: what list routes answer. `next` is an opaque cursor, empty on the last page.
template <class T>
struct Page {
  std::vector<T> items;             // in the order of the list
  std::optional<std::string> next;  // opaque; empty on the last page
};

namespace detail {
template <class T>
void append_page(std::string& out, const Page<T>& page) {
  out += "{\"items\":";
  write_json(out, page.items);
  out += ",\"next\":";
  write_json(out, page.next);
  out += '}';
}
}  // namespace detail

}  // namespace calixo
