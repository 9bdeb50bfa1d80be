// Percent-decoding; see the header.
#include "http/percent.hpp"

#include <cstdint>

#include "http/ascii.hpp"

namespace calixo::host {
namespace {

bool is_control(char byte) {
  return static_cast<unsigned char>(byte) < 0x20 || static_cast<unsigned char>(byte) == 0x7f;
}

// The length of the well-formed sequence at the front of text (Unicode, table 3-7); 0: none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
  const std::uint8_t first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!continues(1) || !continues(2)) return 0;
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool too_high = first == 0xF4 && byte(1) > 0x8F;
    return overlong || too_high ? 0 : 4;
  }
  return 0;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool decode_segment(std::string_view segment, std::string& decoded) {
  decoded.clear();
  for (std::size_t i = 0; i < segment.size(); ++i) {
    char byte = segment[i];
    if (byte == '%') {
      if (i + 2 >= segment.size() || !ascii::is(segment[i + 1], ascii::kHex) ||
          !ascii::is(segment[i + 2], ascii::kHex)) {
        return false;
      }
      byte = static_cast<char>(ascii::hex_value(segment[i + 1]) * 16 +
                               ascii::hex_value(segment[i + 2]));
      i += 2;
    }
    if (is_control(byte)) return false;
    decoded.push_back(byte);
  }
  return decoded != "." && decoded != ".." && is_valid_utf8(decoded);
}

}  // namespace calixo::host
