// Appends JSON to a string: texts escaped, numbers in their shortest form.
// [any-thread]
#pragma once

#include <calixo/clock.hpp>
#include <calixo/detail/json_reader.hpp>

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstring>
#include <string>
#include <string_view>

namespace calixo::detail {

inline void append_escaped(std::string& out, unsigned char c) {
  constexpr std::string_view kBytes = "\"\\\b\f\n\r\t", kNames = "\"\\bfnrt";
  const std::size_t index = kBytes.find(static_cast<char>(c));
  out += '\\';
  if (index != std::string_view::npos) {
    out += kNames[index];
    return;
  }
  constexpr char kDigits[] = "0123456789abcdef";
  out += "u00";
  out += kDigits[c >> 4];
  out += kDigits[c & 15];
}

// The text in quotes. It should be UTF-8; its bytes go out as they are.
inline void append_text(std::string& out, std::string_view text) {
  out += '"';
  const char* at = text.data();
  const char* run = at;
  const char* const end = at + text.size();
  while (at != end) {
    const auto c = static_cast<unsigned char>(*at);
    if (c >= 0x20 && c != '"' && c != '\\') {
      ++at;
      continue;
    }
    out.append(run, at);
    append_escaped(out, c);
    run = ++at;
  }
  out.append(run, end);
  out += '"';
}

template <std::integral T>
void append_number(std::string& out, T value) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

// JSON has no infinity and no NaN: they become null.
inline void append_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char buffer[32];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

inline void append_timestamp(std::string& out, Timestamp time) {
  char buffer[40];
  out += '"';
  out.append(buffer, write_timestamp(buffer, time));
  out += '"';
}

}  // namespace calixo::detail
