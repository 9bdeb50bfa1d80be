// A value, or the problem that stands in its place: for failures that a caller expects.
// [any-thread]
#pragma once

#include <calixo/problem.hpp>

#include <optional>
#include <utility>
#include <variant>

namespace calixo {

// Either a value or the problem that kept it from being.
template <class T>
class [[nodiscard]] Result {
 public:
  // A success.
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  // A failure.
  Result(Problem problem) : held_(std::in_place_index<1>, std::move(problem)) {}

  // Whether it is a success.
  bool has_value() const { return held_.index() == 0; }
  // Whether it is a success.
  explicit operator bool() const { return has_value(); }

  // The value, or its problem thrown.
  const T& value() const& {
    if (!has_value()) throw std::get<1>(held_);
    return std::get<0>(held_);
  }
  // The value moved out; throws the problem of a failure.
  T value() && {
    if (!has_value()) throw std::get<1>(held_);
    return std::move(std::get<0>(held_));
  }
  // The same, for the end of a chain.
  T or_fail() && { return std::move(*this).value(); }

  // The value, or another problem thrown instead of its own.
  T or_fail(const Problem& instead) && {
    if (!has_value()) throw instead;
    return std::move(std::get<0>(held_));
  }
  // The value moved out, or the other one after a failure.
  T value_or(T otherwise) && {
    return has_value() ? std::move(std::get<0>(held_)) : std::move(otherwise);
  }

  // Only where has_value() is false.
  const Problem& problem() const { return std::get<1>(held_); }

 private:
  std::variant<T, Problem> held_;
};

}  // namespace calixo
