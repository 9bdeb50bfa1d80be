// Collects what is wrong with a request, field by field, in the caller's language.
// Not thread-safe: one a request.
#pragma once

#include <calixo/detail/json_writer.hpp>
#include <calixo/problem.hpp>
#include <calixo/rules.hpp>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::detail {

// Where in a request a value stands: a chain on the stack, written out only for an error.
struct Path {
  const Path* parent = nullptr;
  std::string_view name;
  std::size_t index = 0;
  bool is_item = false;

  Path member(std::string_view of) const { return {this, of, 0, false}; }
  Path item(std::size_t at) const { return {this, {}, at, true}; }

  std::string text() const {
    if (parent == nullptr) return std::string(name);
    std::string out = parent->text();
    if (is_item) return out + "[" + std::to_string(index) + "]";
    if (!out.empty()) out += '.';
    return out.append(name);
  }
};

inline void append_bound(std::string& out, long double bound) {
  if (bound == std::trunc(bound) && std::abs(bound) < 1e19L) {
    if (bound < 0) {
      append_number(out, static_cast<std::int64_t>(bound));
    } else {
      append_number(out, static_cast<std::uint64_t>(bound));
    }
  } else {
    append_number(out, static_cast<double>(bound));
  }
}

class FieldErrors {
 public:
  static constexpr std::size_t kCountMax = 100;  // of one answer; more are not told

  explicit FieldErrors(std::string_view language) : is_spanish_(language != "en") {}

  void add(const Path& path, std::string_view code, std::string message) {
    if (errors_.size() < kCountMax) {
      errors_.push_back({path.text(), std::string(code), std::move(message)});
    } else {
      is_cut_ = true;
    }
  }
  void add(const Path& path, std::string_view code, std::string_view es, std::string_view en) {
    add(path, code, std::string(is_spanish_ ? es : en));
  }
  void required(const Path& path) { add(path, "required", "Es obligatorio.", "Is required."); }
  void unknown(const Path& path) {
    add(path, "unknown", "No es un campo conocido.", "Is not a known field.");
  }
  void type(const Path& path, Text expected) {
    add(path, "type",
        (is_spanish_ ? "Debe ser " : "Must be ") +
            std::string(is_spanish_ ? expected.es : expected.en) + ".");
  }
  void range(const Path& path, long double min, long double max) {
    add(path, "range", between(min, max));
  }
  void length(const Path& path, std::size_t min, std::size_t max, Text what) {
    std::string text = between(static_cast<long double>(min),
                               max == std::numeric_limits<std::size_t>::max()
                                   ? std::numeric_limits<long double>::infinity()
                                   : static_cast<long double>(max),
                               true);
    text.insert(text.size() - 1, is_spanish_ ? what.es : what.en);
    add(path, "length", std::move(text));
  }
  void choice(const Path& path, const std::string& choices) {
    add(path, "enum", (is_spanish_ ? "Debe ser uno de: " : "Must be one of: ") + choices + ".");
  }

  bool empty() const { return errors_.empty(); }
  bool is_full() const { return is_cut_; }
  bool is_spanish() const { return is_spanish_; }
  void throw_if_any() {
    if (!errors_.empty()) throw Problem(422, "validation_failed").errors(std::move(errors_));
  }

 private:
  std::string between(long double min, long double max, bool is_count = false) const {
    std::string out = is_spanish_ ? (is_count ? "Debe tener " : "Debe ser ")
                                  : (is_count ? "Must have " : "Must be ");
    if (std::isinf(min) || (is_count && min == 0)) {
      out += is_spanish_ ? "como máximo " : "at most ";
      append_bound(out, max);
    } else if (std::isinf(max)) {
      out += is_spanish_ ? "como mínimo " : "at least ";
      append_bound(out, min);
    } else {
      if (!is_count)
        out += is_spanish_ ? "un valor entre " : "between ";
      else
        out += is_spanish_ ? "entre " : "between ";
      append_bound(out, min);
      out += is_spanish_ ? " y " : " and ";
      append_bound(out, max);
    }
    return out + ".";
  }

  bool is_spanish_;
  bool is_cut_ = false;
  std::vector<FieldError> errors_;
};

}  // namespace calixo::detail
