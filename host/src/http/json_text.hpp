// Writes text as a JSON string. Pure function. [any-thread]
#pragma once

#include <string>
#include <string_view>

namespace calixo::host {

// Quotes included; control bytes are escaped.
inline void append_json_text(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out.push_back('"');
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '"' || byte == '\\') {
      out.push_back('\\');
      out.push_back(byte);
    } else if (code < 0x20) {
      out.append("\\u00");
      out.push_back(kDigits[code >> 4]);
      out.push_back(kDigits[code & 15]);
    } else {
      out.push_back(byte);
    }
  }
  out.push_back('"');
}

}  // namespace calixo::host
