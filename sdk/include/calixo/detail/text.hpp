// UTF-8 and number texts: what the binding, the rows and the rules share.
// [any-thread]
#pragma once

#include <calixo/detail/real_text.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

namespace calixo::detail {

// The bytes of the UTF-8 sequence at `at` (RFC 3629: shortest form, no surrogates), 0 if malformed.
inline std::size_t utf8_sequence(const char* at, const char* end) {
  const auto byte = [&](std::ptrdiff_t i) { return static_cast<unsigned char>(at[i]); };
  const auto follows = [&](std::ptrdiff_t i, unsigned low = 0x80, unsigned high = 0xbf) {
    return end - at > i && byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return follows(1) ? 2 : 0;
  if (first < 0xf0) {
    const unsigned low = first == 0xe0 ? 0xa0 : 0x80;
    const unsigned high = first == 0xed ? 0x9f : 0xbf;
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (first > 0xf4) return 0;
  const unsigned low = first == 0xf0 ? 0x90 : 0x80;
  const unsigned high = first == 0xf4 ? 0x8f : 0xbf;
  return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
}

inline bool is_utf8(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const std::size_t size = utf8_sequence(at, end);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

// Code points of valid UTF-8.
inline std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

inline void append_utf8(std::string& out, std::uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xc0 | point >> 6);
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xe0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | point >> 18);
    out += static_cast<char>(0x80 | (point >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (point >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (point & 0x3f));
  }
}

enum class NumberFault { none, type, range };

// An integer from a JSON number's text: "12", also "12.0" and "1.2e1"; 1.5 is not one.
template <std::integral T>
NumberFault read_integer(std::string_view text, T& value) {
  const char* const end = text.data() + text.size();
  if (text.find_first_of(".eE") == std::string_view::npos) {
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc() && at == end) return NumberFault::none;
    if (std::is_unsigned_v<T> && text == "-0") {
      value = 0;
      return NumberFault::none;
    }
    return NumberFault::range;  // the grammar has been checked: too large, or below zero
  }
  double real = 0;
  if (real_from_chars(text.data(), end, real).ec != std::errc()) return NumberFault::range;
  if (real != std::trunc(real)) return NumberFault::type;
  constexpr double kExact = 9007199254740992.0;  // 2^53: beyond it a double skips integers
  if (std::abs(real) > kExact) return NumberFault::range;
  const auto whole = static_cast<std::int64_t>(real);
  value = static_cast<T>(whole);
  return static_cast<std::int64_t>(value) == whole && (value < T{}) == (whole < 0)
             ? NumberFault::none
             : NumberFault::range;
}

// Whether a number that no double holds is too large, and not too small: by the decimal place of
// its first digit that is no zero.
inline bool is_huge(std::string_view text) {
  const std::size_t exponent_at = std::min(text.find_first_of("eE"), text.size());
  const std::string_view digits = text.substr(0, exponent_at);
  const std::size_t first = digits.find_first_of("123456789");
  if (first == std::string_view::npos) return false;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  std::int64_t place = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
  if (exponent_at == text.size()) return place > 0;
  std::string_view exponent = text.substr(exponent_at + 1);
  if (exponent.front() == '+') exponent.remove_prefix(1);
  std::int64_t shift = 0;
  const char* const end = exponent.data() + exponent.size();
  if (std::from_chars(exponent.data(), end, shift).ec != std::errc())
    return exponent.front() != '-';
  constexpr std::int64_t kBeyond = 1'000'000'000'000;  // further than any text's digits reach
  return place + std::clamp(shift, -kBeyond, kBeyond) > 0;
}

// A finite number. What is too small for a double is zero.
inline NumberFault read_real(std::string_view text, double& value) {
  const auto [at, error] = real_from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    value = 0;
    return is_huge(text) ? NumberFault::range : NumberFault::none;
  }
  if (error != std::errc() || at != text.data() + text.size()) return NumberFault::type;
  return std::isfinite(value) ? NumberFault::none : NumberFault::range;
}

// Whether the text has the grammar of a JSON number.
inline bool is_number(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t begin = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i - begin;
  };
  if (i < text.size() && text[i] == '-') ++i;
  const std::size_t whole_at = i;
  const std::size_t whole = digits();
  if (whole == 0 || (whole > 1 && text[whole_at] == '0')) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

}  // namespace calixo::detail
