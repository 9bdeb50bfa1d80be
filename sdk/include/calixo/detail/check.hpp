// Holds a read value against its field's rule, reporting what is wrong.
// [any-thread]
#pragma once

#include <calixo/detail/field_errors.hpp>
#include <calixo/detail/kinds.hpp>
#include <calixo/detail/text.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace calixo::detail {

inline bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
  const std::string_view local = text.substr(0, at), domain = text.substr(at + 1);
  const auto plain = [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '@' && c != '"' && c != ',' &&
           c != ';' && c != ':' && c != '<' && c != '>' && c != '(' && c != ')' && c != '[' &&
           c != ']' && c != '\\';
  };
  const auto well_dotted = [](std::string_view part) {
    return !part.empty() && part.front() != '.' && part.back() != '.' &&
           part.find("..") == std::string_view::npos;
  };
  return std::all_of(local.begin(), local.end(), plain) && well_dotted(local) &&
         std::all_of(domain.begin(), domain.end(), plain) && well_dotted(domain) &&
         domain.find('.') != std::string_view::npos && domain.front() != '-' &&
         domain.back() != '-';
}

inline bool is_url(std::string_view text) {
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  if (scheme == 0 || text.size() > 2048 || text.size() == scheme) return false;
  const char first = text[scheme];
  return first != '/' && first != '?' && first != '#' && first != ':' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '"' && c != '<' &&
                  c != '>' && c != '\\';
         });
}

inline bool has_format(std::string_view text, Format format) {
  switch (format) {
    case Format::none:
      return true;
    case Format::email:
      return is_email(text);
    case Format::url:
      return is_url(text);
    case Format::uuid:
      return Uuid::parse(text).has_value();
    case Format::date:
      return text.size() == 10 && Timestamp::parse(std::string(text) + "T00:00:00Z").has_value();
    case Format::date_time:
      return Timestamp::parse(text).has_value();
  }
  return false;
}

inline Text format_words(Format format) {
  switch (format) {
    case Format::email:
      return {"No es una dirección de correo válida.", "Is not a valid e-mail address."};
    case Format::url:
      return {"No es una URL http o https.", "Is not an http or https URL."};
    case Format::uuid:
      return {"No es un UUID.", "Is not a UUID."};
    case Format::date:
      return {"No es una fecha AAAA-MM-DD.", "Is not a date YYYY-MM-DD."};
    case Format::date_time:
      return {"No es una fecha y hora RFC 3339.", "Is not an RFC 3339 date and time."};
    case Format::none:
      break;
  }
  return {"No es un texto válido.", "Is not a valid text."};
}

inline void report_format(const Path& path, Format format, FieldErrors& errors) {
  const Text words = format_words(format);
  errors.add(path, "format", words.es, words.en);
}

inline std::string listed(const auto& choices) {
  std::string out;
  for (const auto& choice : choices) out.append(out.empty() ? "" : ", ").append(choice);
  return out;
}

inline void check_text(std::string_view text, const Rule& rule, bool is_item, const Path& path,
                       FieldErrors& errors) {
  if (text.find('\0') != std::string_view::npos) return report_format(path, Format::none, errors);
  const std::size_t min = is_item ? rule.each_length_min : rule.length_min;
  const std::size_t max = is_item ? rule.each_length_max : rule.length_max;
  // No text has more characters than bytes, or fewer than a quarter of them.
  if (text.size() < min * 4 || text.size() > max) {
    const std::size_t size = count_characters(text);
    if (size < min || size > max) {
      return errors.length(path, min, max, {" caracteres", " characters"});
    }
  }
  if (!rule.choices.empty() &&
      std::find(rule.choices.begin(), rule.choices.end(), text) == rule.choices.end()) {
    return errors.choice(path, listed(rule.choices));
  }
  if (rule.format != Format::none && !has_format(text, rule.format)) {
    report_format(path, rule.format, errors);
  }
}

template <class T>
void check_number(T value, const Rule& rule, const Path& path, FieldErrors& errors) {
  if (!rule.is_bounded()) return;
  const auto exact = static_cast<long double>(value);
  if (exact < rule.min || exact > rule.max) errors.range(path, rule.min, rule.max);
}

// A plugin's own check, for a value that passed all others.
inline void check_own(const void* value, const Rule& rule, const Path& path, FieldErrors& errors) {
  if (rule.check && !rule.check(value)) {
    errors.add(path, rule.check_code, rule.check_es, rule.check_en);
  }
}

template <Integer T>
void report_range(const Rule& rule, const Path& path, FieldErrors& errors) {
  using Limits = std::numeric_limits<T>;
  errors.range(path, std::max(rule.min, static_cast<long double>(Limits::min())),
               std::min(rule.max, static_cast<long double>(Limits::max())));
}

// What a type is called where another was sent.
template <class T>
constexpr Text type_words() {
  if constexpr (std::same_as<T, bool>)
    return {"verdadero o falso", "true or false"};
  else if constexpr (Integer<T>)
    return {"un número entero", "an integer"};
  else if constexpr (std::floating_point<T>)
    return {"un número", "a number"};
  else if constexpr (List<T>)
    return {"una lista", "a list"};
  else if constexpr (Map<T> || Described<T>)
    return {"un objeto", "an object"};
  else
    return {"un texto", "a text"};
}

}  // namespace calixo::detail
