// Structs that the tests of the binding share.
#pragma once

#include <gtest/gtest.h>
#include <calixo/json.hpp>
#include <calixo/query.hpp>
#include <calixo/schema.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calixo::test {

enum class Kind { daily, focus, social };
BOOST_DESCRIBE_ENUM(Kind, daily, focus, social)

struct Inner {
  int number;
  std::optional<std::string> note;
};
BOOST_DESCRIBE_STRUCT(Inner, (), (number, note))

struct Everything {
  bool flag;
  std::int8_t tiny;
  std::uint16_t port;
  std::int64_t large;
  double real;
  std::string text;
  std::optional<int> maybe;
  std::vector<int> numbers;
  std::map<std::string, int> counts;
  Inner inner;
  std::vector<Inner> inners;
  Kind kind;
  Json any;
  Timestamp at;
  Uuid id;
};
BOOST_DESCRIBE_STRUCT(Everything, (),
                      (flag, tiny, port, large, real, text, maybe, numbers, counts, inner, inners,
                       kind, any, at, id))

inline const std::string kEverything =
    R"({"flag":true,"tiny":-5,"port":65535,"large":9223372036854775807,"real":0.1,)"
    R"("text":"h\u00e9\ud83d\ude00\n","maybe":7,"numbers":[1,2],"counts":{"a":1},)"
    R"("inner":{"number":3,"note":"n"},"inners":[{"number":4}],"kind":"focus",)"
    R"("any":{"x":[1,null]},"at":"2026-03-01T10:00:00+01:00",)"
    R"("id":"8C7D1E6A-0000-4000-8000-00000000000F"})";

// "code at field" of each error that parsing gives; the problem's code where it has none.
template <class Parse>
std::vector<std::string> errors_of(Parse&& parse) {
  std::vector<std::string> all;
  try {
    parse();
  } catch (const Problem& problem) {
    for (const FieldError& error : problem.errors()) all.push_back(error.code + " " + error.field);
    if (all.empty()) all.push_back(problem.code());
  }
  return all;
}

template <class T>
std::vector<std::string> json_errors(std::string_view text) {
  return errors_of([&] { parse_json<T>(text); });
}

using Errors = std::vector<std::string>;

}  // namespace calixo::test
