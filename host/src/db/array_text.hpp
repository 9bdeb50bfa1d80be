// Array parameters in PostgreSQL's text format. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace calixo::host {

// Adds one element to an array literal that is empty or ends with its last element; a "}" ends it.
void append_element(std::string& array, std::optional<std::string_view> element);

}  // namespace calixo::host
