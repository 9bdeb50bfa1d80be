// Bytes as PostgreSQL's text format has them.
// [any-thread], all of it.
#pragma once

#include <string>
#include <string_view>

namespace calixo::host {

// "\x00ff…": a bytea parameter.
template <class Bytes>
std::string bytea_text(const Bytes& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "\\x";
  text.reserve(2 + 2 * bytes.size());
  for (const auto byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += kDigits[value >> 4];
    text += kDigits[value & 15];
  }
  return text;
}

// What encode(…, 'hex') answers, as bytes.
inline std::string bytes_of_hex(std::string_view hex) {
  const auto value = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(value(hex[i]) << 4 | value(hex[i + 1]));
  }
  return bytes;
}

}  // namespace calixo::host
