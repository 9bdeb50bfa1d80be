// What the texts that name items look like, as the database holds them. Pure functions.
// [any-thread]
#pragma once

#include <calixo/rules.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace calixo::store {

namespace detail_of_names {

inline bool is_letter(char c) { return c >= 'a' && c <= 'z'; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace detail_of_names

// Letters, digits, dashes; not a dash first.
inline bool is_slug(std::string_view text) {
  using namespace detail_of_names;
  return !text.empty() && text.size() <= 80 && text.front() != '-' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

// A letter, then letters, digits and underscores.
inline bool is_category(std::string_view text) {
  using namespace detail_of_names;
  return !text.empty() && text.size() <= 32 && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

inline constexpr Text kSlugText{.es = "Debe tener de 1 a 80 de a-z, 0-9 y -.",
                                .en = "Must be 1 to 80 of a-z, 0-9 and -."};
inline constexpr Text kCategoryText{
    .es = "Debe tener de 1 a 32 de a-z, 0-9 y _, y empezar por una letra.",
    .en = "Must be 1 to 32 of a-z, 0-9 and _, and begin with a letter."};

}  // namespace calixo::store
