#include "config/key_rules.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace calixo::host {
namespace {

constexpr std::size_t kNameBytesMax = 120;
constexpr std::size_t kQuotedBytesMax = 60;

bool is_word(std::string_view segment) {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_kept = [&](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_'; };
  return !segment.empty() && is_lower(segment.front()) &&
         std::all_of(segment.begin(), segment.end(), is_kept);
}

// As it may stand in a message on one line.
std::string quoted(std::string_view value) {
  std::string text = "'";
  for (const char c : value.substr(0, kQuotedBytesMax)) {
    text += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  }
  return text + (value.size() > kQuotedBytesMax ? "...'" : "'");
}

bool is_within(const Key& key, double number) {
  return number >= key.min.value_or(number) && number <= key.max.value_or(number);
}

bool is_fitting(const Key& key, std::string_view value) {
  switch (key.type) {
    case KeyType::boolean:
      return value == "true" || value == "false";
    case KeyType::integer: {
      const auto number = to_integer(value);
      return number && is_within(key, static_cast<double>(*number));
    }
    case KeyType::real: {
      const auto number = to_real(value);
      return number && is_within(key, *number);
    }
    case KeyType::text:
      break;
  }
  const auto& choices = key.choices;
  return is_within(key, static_cast<double>(value.size())) &&
         (choices.empty() || std::find(choices.begin(), choices.end(), value) != choices.end());
}

std::string bounds_text(const Key& key) {
  if (key.min && key.max) return " from " + number_text(*key.min) + " to " + number_text(*key.max);
  if (key.min) return " of at least " + number_text(*key.min);
  if (key.max) return " of at most " + number_text(*key.max);
  return {};
}

std::string choices_text(const Key& key) {
  std::string text = "one of ";
  for (const std::string& choice : key.choices) {
    text += (&choice == &key.choices.front() ? "" : ", ") + choice;
  }
  return text;
}

}  // namespace

std::string name_fault(std::string_view name) {
  if (name.size() > kNameBytesMax) return "the name is longer than 120 bytes";
  std::size_t segments = 0, stars = 0;
  for (std::size_t begin = 0; begin <= name.size(); ++segments) {
    const std::size_t end = std::min(name.find('.', begin), name.size());
    const std::string_view segment = name.substr(begin, end - begin);
    const bool is_star = segment == "*" && segments > 0 && end < name.size();
    if (!is_star && !is_word(segment)) {
      return "the name is not words of a-z, 0-9 and _ joined by dots, such as area.name_unit";
    }
    stars += is_star ? 1 : 0;
    begin = end + 1;
  }
  if (segments < 2) return "the name lacks its area, such as area.name_unit";
  return stars > 1 ? "the name has more than one *" : "";
}

std::string value_fault(const Key& key, std::string_view value) {
  if (is_fitting(key, value)) return {};
  return (key.secret ? "the value (secret, not shown)" : quoted(value)) + " is not " +
         values_text(key);
}

std::string values_text(const Key& key) {
  switch (key.type) {
    case KeyType::boolean:
      return "true or false";
    case KeyType::integer:
      return "a whole number" + bounds_text(key);
    case KeyType::real:
      return "a number" + bounds_text(key);
    case KeyType::text:
      break;
  }
  if (!key.choices.empty()) return choices_text(key);
  const std::string bounds = bounds_text(key);
  return bounds.empty() ? "a text" : "a text" + bounds + " bytes";
}

std::optional<std::int64_t> to_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> to_real(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

std::string number_text(double number) {
  char buffer[64];
  const auto [end, error] =
      std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::general, 15);
  std::string text(buffer, error == std::errc() ? end : buffer);
  return text;
}

bool is_pattern(std::string_view name) { return name.find('*') != std::string_view::npos; }

bool matches_pattern(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  const std::string_view prefix = pattern.substr(0, star), suffix = pattern.substr(star + 1);
  return name.size() > prefix.size() + suffix.size() && name.starts_with(prefix) &&
         name.ends_with(suffix);
}

}  // namespace calixo::host
