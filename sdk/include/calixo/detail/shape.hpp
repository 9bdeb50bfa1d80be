// What the binding knows of one described struct: names, rules, which fields are required.
// Made once a type; then constant. [any-thread]
#pragma once

#include <calixo/detail/json_writer.hpp>
#include <calixo/detail/required.hpp>
#include <calixo/rules.hpp>

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace calixo::detail {

template <class T>
concept HasRules = requires(Rules<T>& rules) {
  calixo_rules(rules);
};

struct Field {
  std::string_view name;
  std::string key;  // "\"name\":", as it is written
  const Rule* rule = nullptr;
  bool is_required = false;
};

template <Described T>
struct Shape {
  static constexpr std::size_t kCount = kMemberCount<T>;
  static_assert(kCount <= 64, "a bound struct has at most 64 members");

  Rules<T> rules;
  std::array<Field, (kCount > 0 ? kCount : 1)> fields;

  Shape() {
    if constexpr (HasRules<T>) calixo_rules(rules);
    [&]<std::size_t... I>(std::index_sequence<I...>) { (fill<I>(), ...); }
    (std::make_index_sequence<kCount>());
  }
  Shape(const Shape&) = delete;
  Shape& operator=(const Shape&) = delete;

  // The place of a field, kCount where there is none of that name. Requests tend to keep the
  // struct's order, so the search starts where the last one ended.
  std::size_t find(std::string_view name, std::size_t expected) const {
    for (std::size_t i = expected; i < kCount; ++i) {
      if (fields[i].name == name) return i;
    }
    for (std::size_t i = 0; i < expected; ++i) {
      if (fields[i].name == name) return i;
    }
    return kCount;
  }

 private:
  template <std::size_t I>
  void fill() {
    const Rule& rule = rules.field(I);
    Field& field = fields[I];
    field.rule = &rule;
    field.name = rule.name.empty() ? std::string_view(MemberAt<T, I>::name) : rule.name;
    append_text(field.key, field.name);
    field.key += ':';
    field.is_required = rule.is_made_required || (!rule.is_made_optional && !has_default<T, I>());
  }
};

template <Described T>
const Shape<T>& shape() {
  static const Shape<T> made;
  return made;
}

}  // namespace calixo::detail
