// Words of plugins as this room's tables take them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace calixo::host {

// What a text column takes of a plugin's words: at most bytes_max, invalid UTF-8 and NUL as '?'.
std::string stored_text(std::string_view text, std::size_t bytes_max);

}  // namespace calixo::host
