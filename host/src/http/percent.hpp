// Percent-decoding of path segments. Pure functions. [any-thread]
#pragma once

#include <string>
#include <string_view>

namespace calixo::host {

// False for a broken escape, a control byte, text that is not UTF-8, and the segments "." and "..",
// which no client sends undisguised. decoded is then unspecified.
bool decode_segment(std::string_view segment, std::string& decoded);

bool is_valid_utf8(std::string_view text);

}  // namespace calixo::host
