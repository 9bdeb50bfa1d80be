// Parameters of this room's statements in PostgreSQL's text format. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace calixo::host {

// A text[] literal: {"a","b"}.
std::string text_array(const std::vector<std::string>& texts);

// What a text column takes of a plugin's words: at most bytes_max, invalid UTF-8 and NUL as '?'.
std::string stored_text(std::string_view text, std::size_t bytes_max);

}  // namespace calixo::host
