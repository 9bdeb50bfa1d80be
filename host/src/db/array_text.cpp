#include "db/array_text.hpp"

namespace calixo::host {

void append_element(std::string& array, std::optional<std::string_view> element) {
  array += array.empty() ? '{' : ',';
  if (!element) {
    array += "NULL";
    return;
  }
  array += '"';
  for (const char letter : *element) {
    if (letter == '"' || letter == '\\') array += '\\';
    array += letter;
  }
  array += '"';
}

}  // namespace calixo::host
