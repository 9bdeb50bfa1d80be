// Patterns of paths; see the header.
#include "http/route_pattern.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "http/ascii.hpp"

namespace calixo::host {
namespace {

std::optional<SegmentType> type_named(std::string_view name) {
  if (name == "int") return SegmentType::integer;
  if (name == "uuid") return SegmentType::uuid;
  if (name == "str") return SegmentType::text;
  if (name == "path") return SegmentType::rest;
  return std::nullopt;
}

bool is_identifier(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char byte) {
    const char folded = ascii::lower(byte);
    return byte == '_' || ascii::is_digit(byte) || (folded >= 'a' && folded <= 'z');
  });
}

std::string parse_segment(std::string_view text, PatternSegment& segment) {
  const std::string quoted = "'" + std::string(text) + "'";
  if (text.find_first_of("{}") == std::string_view::npos) {
    if (text.find_first_of("%?# ") != std::string_view::npos) {
      return "the segment " + quoted + " has a byte that no literal may have";
    }
    segment = {SegmentType::literal, std::string(text)};
    return {};
  }
  if (text.front() != '{' || text.back() != '}') {
    return "the segment " + quoted + " mixes a parameter with text";
  }
  const std::string_view inner = text.substr(1, text.size() - 2);
  const std::size_t colon = inner.find(':');
  const std::string_view name = inner.substr(0, colon);
  const auto type = type_named(colon == std::string_view::npos ? "str" : inner.substr(colon + 1));
  if (!is_identifier(name)) return "the parameter " + quoted + " has no valid name";
  if (!type) return "the parameter " + quoted + " has a type that is not int, uuid, str or path";
  segment = {*type, std::string(name)};
  return {};
}

bool is_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !ascii::is(text[i], ascii::kHex)) return false;
  }
  return true;
}

}  // namespace

std::string parse_pattern(std::string_view path, std::vector<PatternSegment>& segments) {
  segments.clear();
  if (path.empty() || path.front() != '/') return "the path does not start with '/'";
  std::string_view rest = path.substr(1);
  while (true) {
    const std::size_t slash = rest.find('/');
    PatternSegment segment;
    if (std::string wrong = parse_segment(rest.substr(0, slash), segment); !wrong.empty()) {
      return wrong;
    }
    const bool parameter = segment.type != SegmentType::literal;
    const bool repeated = std::any_of(segments.begin(), segments.end(), [&](const auto& other) {
      return other.type != SegmentType::literal && other.text == segment.text;
    });
    if (parameter && repeated) return "the parameter '" + segment.text + "' stands twice";
    segments.push_back(std::move(segment));
    if (slash == std::string_view::npos) return {};
    if (segments.back().type == SegmentType::rest) return "a parameter of type path must be last";
    rest.remove_prefix(slash + 1);
  }
}

bool is_value_of(SegmentType type, std::string_view segment) {
  switch (type) {
    case SegmentType::integer:
      return is_integer(segment);
    case SegmentType::uuid:
      return is_uuid(segment);
    case SegmentType::text:
      return !segment.empty();
    case SegmentType::literal:
    case SegmentType::rest:
      return true;
  }
  return false;
}

}  // namespace calixo::host
