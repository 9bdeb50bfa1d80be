// Bytes of HTTP's grammar: token characters, case folding, trimming, comma lists.
// Pure functions. [any-thread]
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace calixo::host::ascii {

enum ByteClass : std::uint8_t { kToken = 1, kFieldValue = 2, kTarget = 4, kHex = 8 };

constexpr std::array<std::uint8_t, 256> make_byte_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (int byte = 0; byte < 256; ++byte) {
    const bool digit = byte >= '0' && byte <= '9';
    const bool alpha = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    const bool symbol =
        byte != 0 && byte < 0x7f &&
        std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(byte)) != std::string_view::npos;
    std::uint8_t bits = 0;
    if (digit || alpha || symbol) bits |= kToken;
    if (byte == '\t' || (byte >= 0x20 && byte != 0x7f)) bits |= kFieldValue;
    if (byte > 0x20 && byte < 0x7f && byte != '#') bits |= kTarget;
    if (digit || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F')) bits |= kHex;
    classes[static_cast<std::size_t>(byte)] = bits;
  }
  return classes;
}
inline constexpr std::array<std::uint8_t, 256> kByteClasses = make_byte_classes();

constexpr bool is(char byte, ByteClass wanted) {
  return (kByteClasses[static_cast<unsigned char>(byte)] & wanted) != 0;
}
constexpr bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }
constexpr char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
}
// 0..15; the byte must be a hexadecimal digit.
constexpr unsigned hex_value(char byte) {
  return is_digit(byte) ? static_cast<unsigned>(byte - '0')
                        : static_cast<unsigned>(lower(byte) - 'a') + 10;
}

constexpr bool all(std::string_view text, ByteClass wanted) {
  for (const char byte : text) {
    if (!is(byte, wanted)) return false;
  }
  return true;
}
constexpr bool is_token(std::string_view text) { return !text.empty() && all(text, kToken); }

constexpr bool equals_ignoring_case(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (lower(left[i]) != lower(right[i])) return false;
  }
  return true;
}

constexpr std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Cuts the part before the separator off `rest`, trimmed. The last part leaves `rest` empty.
constexpr std::string_view cut(std::string_view& rest, char separator) {
  const std::size_t at = rest.find(separator);
  const std::string_view part = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view{} : rest.substr(at + 1);
  return trimmed(part);
}

}  // namespace calixo::host::ascii
