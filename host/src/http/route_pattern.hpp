// A route's path taken apart: "/api/challenges/{id:int}". [startup]
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::host {

// In the order in which the router tries them.
enum class SegmentType : std::uint8_t { literal, integer, uuid, text, rest };

struct PatternSegment {
  SegmentType type = SegmentType::literal;
  std::string text;  // of a literal, or the parameter's name
};

// Empty on success, else what is wrong with the pattern.
std::string parse_pattern(std::string_view path, std::vector<PatternSegment>& segments);

// Whether a decoded segment is a value of the type. [any-thread]
bool is_value_of(SegmentType type, std::string_view segment);

}  // namespace calixo::host
