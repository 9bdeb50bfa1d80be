// Registered routes and keys as a test sees them, and which route a path belongs to.
#pragma once

#include <calixo/detail/abi.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace calixo::testing::detail {

struct Key {
  std::uint32_t type = 0, flags = 0;
  std::string default_value, description, choices;
  double min = 1, max = 0;
};

struct Route {
  std::string method, path, summary, tag, consumes, produces, problem_codes;
  std::string query_schema, request_schema, response_schema;
  std::uint32_t flags = 0, roles = 0, deadline_ms = 0;
  std::uint64_t body_bytes_max = 0;
  std::uint16_t success_status = 0;
  void (*handle)(void*, calixo_exchange*) = nullptr;
  void (*render_problem)(void*, calixo_exchange*, const calixo_problem*) = nullptr;
  void* user = nullptr;

  static Route from(const calixo_route& of) {
    const auto text = [](calixo_str view) { return std::string(calixo::detail::view(view)); };
    return {text(of.method),
            text(of.path),
            text(of.summary),
            text(of.tag),
            text(of.consumes),
            text(of.produces),
            text(of.problem_codes),
            text(of.query_schema),
            text(of.request_schema),
            text(of.response_schema),
            of.flags,
            of.roles,
            of.deadline_ms,
            of.body_bytes_max,
            of.success_status,
            of.handle,
            of.render_problem,
            of.user};
  }
};

inline std::string_view next_segment(std::string_view& path) {
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(segment.size() + 1, path.size()));
  return segment;
}

// Whether a path fits a pattern ("/api/things/{id:int}"); fills the parameters where it does.
inline bool matches(std::string_view pattern, std::string_view path,
                    std::map<std::string, std::string, std::less<>>& parameters) {
  parameters.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view rest = path;
    std::string_view expected = next_segment(pattern);
    const std::string_view segment = next_segment(path);
    if (!expected.starts_with('{')) {
      if (expected != segment) return false;
      continue;
    }
    expected = expected.substr(1, expected.size() - 2);
    const std::string_view name = expected.substr(0, expected.find(':'));
    const std::string_view type =
        name.size() == expected.size() ? std::string_view("str") : expected.substr(name.size() + 1);
    const bool is_path = type == "path";
    const bool is_digits =
        !segment.empty() &&
        std::all_of(segment.begin(), segment.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (segment.empty() || (type == "int" && !is_digits)) return false;
    parameters[std::string(name)] = is_path ? rest : segment;
    if (is_path) return true;
  }
  return pattern.empty() && path.empty();
}

}  // namespace calixo::testing::detail
