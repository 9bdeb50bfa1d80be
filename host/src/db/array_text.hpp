// Array parameters in PostgreSQL's text format. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace calixo::host {

// Adds one element to an array literal that is empty or ends with its last element; a "}" ends it.
void append_element(std::string& array, std::optional<std::string_view> element);

// {"a","b",NULL}, of a range of texts or of optional ones.
template <class Texts>
std::string array_of(const Texts& texts) {
  std::string array;
  for (const auto& text : texts) append_element(array, text);
  return array.empty() ? "{}" : array + "}";
}

}  // namespace calixo::host
