// Constraints that stand beside a described struct; the binding and the JSON Schema read the same.
//
//   CALIXO_RULES(SignUp) {
//     rules.at<&SignUp::email>().format(Format::email).length(3, 254);
//   }
//
// The body runs once, at the type's first use. [any-thread]
#pragma once

#include <calixo/detail/kinds.hpp>

#include <cmath>
#include <functional>
#include <initializer_list>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Stands at namespace scope beside the struct, in its namespace, before the struct's first use.
#define CALIXO_RULES(Type) \
  [[maybe_unused]] inline void calixo_rules([[maybe_unused]] ::calixo::Rules<Type>& rules)

namespace calixo {

// What a text must look like. `email` and `url` (http, https) are checked for their shape alone.
enum class Format { none, email, url, uuid, date, date_time };

// A text in the languages the server speaks.
struct Text {
  // Spanish.
  std::string_view es = {};
  // English.
  std::string_view en = {};
};

namespace detail {

// Everything said of one field. Bounds are long double: exact for every 64-bit integer.
struct Rule {
  long double min = -std::numeric_limits<long double>::infinity();
  long double max = std::numeric_limits<long double>::infinity();
  std::size_t length_min = 0;
  std::size_t length_max = std::numeric_limits<std::size_t>::max();
  std::size_t each_length_min = 0;
  std::size_t each_length_max = std::numeric_limits<std::size_t>::max();
  Format format = Format::none;
  std::vector<std::string> choices;
  std::string description;
  std::string name;  // another than the member's
  bool is_made_optional = false;
  bool is_made_required = false;
  bool omits_empty = false;

  // A check of the plugin's own: the value's address; false refuses it.
  std::function<bool(const void*)> check;
  std::string check_code, check_es, check_en;

  bool is_bounded() const { return !std::isinf(min) || !std::isinf(max); }
  bool has_length() const {
    return length_min != 0 || length_max != std::numeric_limits<std::size_t>::max();
  }
};

inline const Rule kNoRule{};

}  // namespace detail

// Says what holds for one field. On a std::vector, length counts its items, and range, format,
// one_of and each_length hold for each item. An absent std::optional passes.
template <class Member>
class FieldRules {
 public:
  // Made by Rules::at.
  explicit FieldRules(detail::Rule& rule) : rule_(&rule) {}

  // Numbers: inclusive bounds.
  FieldRules& range(long double min, long double max) {
    rule_->min = min;
    rule_->max = max;
    return *this;
  }
  // Numbers: the least that is taken.
  FieldRules& min(long double least) {
    rule_->min = least;
    return *this;
  }
  // Numbers: the largest that is taken.
  FieldRules& max(long double most) {
    rule_->max = most;
    return *this;
  }
  // Characters (code points) of a text, items of a list.
  FieldRules& length(std::size_t min, std::size_t max) {
    rule_->length_min = min;
    rule_->length_max = max;
    return *this;
  }
  // Characters of each text in a list.
  FieldRules& each_length(std::size_t min, std::size_t max) {
    rule_->each_length_min = min;
    rule_->each_length_max = max;
    return *this;
  }
  // What a text must look like.
  FieldRules& format(Format format) {
    rule_->format = format;
    return *this;
  }
  // The only texts that are taken.
  FieldRules& one_of(std::initializer_list<std::string_view> choices) {
    rule_->choices.assign(choices.begin(), choices.end());
    return *this;
  }
  // For the API document.
  FieldRules& describe(std::string_view text) {
    rule_->description = text;
    return *this;
  }
  // The field's name in JSON and queries, where it can't be a C++ member's: "public".
  FieldRules& name(std::string_view name) {
    rule_->name = name;
    return *this;
  }
  // May be left out, though nothing in the struct says so: an empty text or list by default.
  FieldRules& optional() {
    rule_->is_made_optional = true;
    return *this;
  }
  // Must be given, though the member has an initializer.
  FieldRules& required() {
    rule_->is_made_required = true;
    return *this;
  }
  // In answers: an empty std::optional is left out instead of being null.
  FieldRules& omit_empty() {
    rule_->omits_empty = true;
    return *this;
  }
  // A check of the plugin's own, run on a value that passed the others; false is an error with this
  // code and text. It must not suspend. For a std::optional it sees what stands inside.
  template <class Check>
  FieldRules& check(Check passes, std::string_view code, Text text) {
    using Value = detail::unwrapped<Member>;
    rule_->check = [passes = std::move(passes)](const void* value) {
      return static_cast<bool>(passes(*static_cast<const Value*>(value)));
    };
    rule_->check_code = code;
    rule_->check_es = text.es;
    rule_->check_en = text.en;
    return *this;
  }

 private:
  detail::Rule* rule_;
};

namespace detail {

template <class T>
using MembersOf = boost::describe::describe_members<T, boost::describe::mod_public |
                                                           boost::describe::mod_inherited>;
template <class T>
inline constexpr std::size_t kMemberCount = boost::mp11::mp_size<MembersOf<T>>::value;
template <class T, std::size_t I>
using MemberAt = boost::mp11::mp_at_c<MembersOf<T>, I>;
template <class T, std::size_t I>
using MemberType = std::remove_cvref_t<decltype(std::declval<T&>().*MemberAt<T, I>::pointer)>;

// The place of a member among the described ones; kMemberCount where it is not described.
template <class T, auto Pointer>
constexpr std::size_t member_index() {
  std::size_t index = 0, found = kMemberCount<T>;
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto member) {
    if constexpr (std::is_same_v<std::remove_const_t<decltype(member.pointer)>,
                                 std::remove_const_t<decltype(Pointer)>>) {
      if (member.pointer == Pointer) found = index;
    }
    ++index;
  });
  return found;
}

}  // namespace detail

// The rules of one described struct.
template <class T>
class Rules {
 public:
  static constexpr std::size_t kCount = detail::kMemberCount<T>;  // how many members are described

  // The rules of one member: rules.at<&T::member>().
  template <auto Pointer>
  auto at() {
    constexpr std::size_t kIndex = detail::member_index<T, Pointer>();
    static_assert(kIndex < kCount, "the member is not named in BOOST_DESCRIBE_STRUCT");
    return FieldRules<detail::MemberType<T, kIndex>>(fields_[kIndex]);
  }
  // Unknown fields are errors instead of being ignored.
  Rules& closed() {
    is_closed_ = true;
    return *this;
  }
  // For the API document: what the struct is.
  Rules& describe(std::string_view text) {
    description_ = text;
    return *this;
  }
  // The struct's name in the API document, instead of its C++ name.
  Rules& title(std::string_view text) {
    title_ = text;
    return *this;
  }

  // The rule of a described member, by its place.
  const detail::Rule& field(std::size_t index) const { return fields_[index]; }
  // Whether unknown fields are errors.
  bool is_closed() const { return is_closed_; }
  // What describe() said.
  const std::string& description() const { return description_; }
  // What title() said.
  const std::string& title() const { return title_; }

 private:
  std::array<detail::Rule, (kCount > 0 ? kCount : 1)> fields_;
  bool is_closed_ = false;
  std::string description_, title_;
};

}  // namespace calixo
