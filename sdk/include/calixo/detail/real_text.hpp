// std::from_chars for floating point, also where the standard library has none: libc++ before 20.
// [any-thread]
#pragma once

#include <charconv>
#include <concepts>

#if defined(_LIBCPP_VERSION) && _LIBCPP_VERSION < 200000
#include <locale.h>
#include <stdlib.h>

#include <cerrno>
#include <cmath>
#include <string>
#include <string_view>
#define CALIXO_DETAIL_READS_REALS_BY_STRTOD
#endif

namespace calixo::detail {

#ifdef CALIXO_DETAIL_READS_REALS_BY_STRTOD

template <std::floating_point T>
std::from_chars_result real_from_chars(const char* begin, const char* end, T& value) {
  static const locale_t kC = newlocale(LC_ALL_MASK, "C", nullptr);
  const std::string text(begin, end);  // strtod wants a NUL, and takes more than from_chars does
  if (text.empty() || std::string_view(" \t\n\v\f\r+").find(text[0]) != std::string_view::npos ||
      text.find_first_of("xX") != std::string::npos) {
    return {begin, std::errc::invalid_argument};
  }
  char* stop = nullptr;
  errno = 0;
  T read{};
  if constexpr (std::same_as<T, float>) {
    read = strtof_l(text.c_str(), &stop, kC);
  } else if constexpr (std::same_as<T, double>) {
    read = strtod_l(text.c_str(), &stop, kC);
  } else {
    read = strtold_l(text.c_str(), &stop, kC);
  }
  if (stop == text.c_str()) return {begin, std::errc::invalid_argument};
  const char* const at = begin + (stop - text.c_str());
  if (errno == ERANGE && (read == 0 || std::isinf(read))) {  // else: a subnormal number, inexact
    return {at, std::errc::result_out_of_range};
  }
  value = read;
  return {at, std::errc()};
}

#else

template <std::floating_point T>
std::from_chars_result real_from_chars(const char* begin, const char* end, T& value) {
  return std::from_chars(begin, end, value);
}

#endif

}  // namespace calixo::detail
