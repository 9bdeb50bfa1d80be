// Binds a query string to a described struct: percent-decoding, + as a space, a repeated key for
// each item of a list. Every wrong parameter is reported.
// [any-thread]
#pragma once

#include <calixo/detail/read_json.hpp>

#include <string>
#include <string_view>

namespace calixo::detail {

inline int hexadecimal_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// False where a percent sign is not followed by two digits, or the result is not UTF-8.
inline bool decode_query(std::string_view raw, std::string& out) {
  out.clear();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '+') {
      out += ' ';
    } else if (raw[i] != '%') {
      out += raw[i];
    } else {
      const int high = i + 2 < raw.size() ? hexadecimal_digit(raw[i + 1]) : -1;
      const int low = i + 2 < raw.size() ? hexadecimal_digit(raw[i + 2]) : -1;
      if (high < 0 || low < 0) return false;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return is_utf8(out);
}

template <Bindable T>
void read_query_value(std::string_view text, T& value, const Rule& rule, Place place,
                      const Path& path, FieldErrors& errors) {
  static_assert(!Described<T> && !Map<T> && !std::same_as<T, Json>,
                "a query parameter is a scalar, or a list of scalars");
  if constexpr (Optional<T>) {
    return read_query_value(text, value.emplace(), rule, place, path, errors);
  } else if constexpr (List<T>) {
    typename T::value_type item{};
    const Path at = path.item(value.size());
    read_query_value(text, item, rule, Place::item, at, errors);
    value.push_back(std::move(item));
  } else if constexpr (std::same_as<T, bool>) {
    value = text == "true" || text == "1";
    if (!value && text != "false" && text != "0") errors.type(path, type_words<T>());
  } else if constexpr (Integer<T> || std::floating_point<T>) {
    if (!is_number(text)) return errors.type(path, type_words<T>());
    JsonReader reader(text);
    read_json(reader, value, rule, place, path, errors);
  } else {
    read_string(text, value, rule, place, path, errors);
  }
  if constexpr (!Optional<T> && !List<T> && !Integer<T> && !std::floating_point<T>) {
    if (rule.check && errors.empty()) check_own(&value, rule, path, errors);
  }
}

template <Described T>
class QueryReader {
 public:
  QueryReader(T& value, FieldErrors& errors) : value_(value), errors_(errors) {}

  void read(std::string_view query) {
    while (!query.empty()) {
      const std::string_view pair = query.substr(0, query.find('&'));
      query.remove_prefix(std::min(pair.size() + 1, query.size()));
      if (!pair.empty()) read_pair(pair);
    }
    finish(std::make_index_sequence<kMemberCount<T>>());
  }

 private:
  void read_pair(std::string_view pair) {
    const std::size_t equals = pair.find('=');
    if (!decode_query(pair.substr(0, equals), name_)) {
      return errors_.add(Path{nullptr, "", 0, false}, "format", "La consulta no es UTF-8 válido.",
                         "The query is not valid UTF-8.");
    }
    const std::size_t index = shape_.find(name_, 0);
    if (index == shape_.kCount) {
      if (shape_.rules.is_closed()) errors_.unknown(Path{nullptr, name_, 0, false});
      return;
    }
    const Path path{nullptr, shape_.fields[index].name, 0, false};
    const bool is_repeated = (seen_ >> index & 1) != 0;
    seen_ |= std::uint64_t{1} << index;
    if (equals == std::string_view::npos)
      text_.clear();
    else if (!decode_query(pair.substr(equals + 1), text_)) {
      return report_format(path, Format::none, errors_);
    }
    dispatch(index, is_repeated, path, std::make_index_sequence<kMemberCount<T>>());
  }

  template <std::size_t... I>
  void dispatch(std::size_t index, bool is_repeated, const Path& path, std::index_sequence<I...>) {
    (void)((I == index && (read_member<I>(is_repeated, path), true)) || ...);
  }

  template <std::size_t I>
  void read_member(bool is_repeated, const Path& path) {
    auto& member = value_.*MemberAt<T, I>::pointer;
    if constexpr (!List<unwrapped<MemberType<T, I>>>) {
      if (is_repeated) {
        return errors_.add(path, "type", "Debe aparecer una sola vez.", "Must be given once.");
      }
      read_query_value(text_, member, rule<I>(), Place::field, path, errors_);
    } else if constexpr (Optional<MemberType<T, I>>) {
      if (!member) member.emplace();
      read_query_value(text_, *member, rule<I>(), Place::field, path, errors_);
    } else {
      if (!is_repeated) member.clear();  // of its default
      read_query_value(text_, member, rule<I>(), Place::field, path, errors_);
    }
  }

  template <std::size_t I>
  const Rule& rule() const {
    return *shape_.fields[I].rule;
  }

  template <std::size_t... I>
  void finish(std::index_sequence<I...>) {
    (finish_member<I>(), ...);
  }
  template <std::size_t I>
  void finish_member() {
    const Field& field = shape_.fields[I];
    const Path path{nullptr, field.name, 0, false};
    if ((seen_ >> I & 1) == 0) {
      if (field.is_required) errors_.required(path);
    } else if constexpr (List<MemberType<T, I>>) {
      check_count((value_.*MemberAt<T, I>::pointer).size(), *field.rule, path, errors_);
    } else if constexpr (List<unwrapped<MemberType<T, I>>>) {
      const auto& list = value_.*MemberAt<T, I>::pointer;
      if (list) check_count(list->size(), *field.rule, path, errors_);
    }
  }

  const Shape<T>& shape_ = shape<T>();
  T& value_;
  FieldErrors& errors_;
  std::uint64_t seen_ = 0;
  std::string name_, text_;
};

}  // namespace calixo::detail
