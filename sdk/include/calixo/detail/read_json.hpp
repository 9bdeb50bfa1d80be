// Reads a JSON text straight into described structs and the other bindable types, reporting each
// wrong field and going on. Throws MalformedJson alone.
// Not thread-safe: the arguments are one request's.
#pragma once

#include <calixo/detail/check.hpp>
#include <calixo/detail/json_reader.hpp>
#include <calixo/detail/shape.hpp>

#include <utility>

namespace calixo::detail {

// Set where a value is an item of a list: the rule's each_length holds, not its length.
enum class Place { field, item };

template <Bindable T>
void read_json(JsonReader& reader, T& value, const Rule& rule, Place place, const Path& path,
               FieldErrors& errors);

template <class T>
void wrong_type(JsonReader& reader, const Path& path, FieldErrors& errors) {
  reader.skip();
  errors.type(path, type_words<T>());
}

inline bool is_number_start(char c) { return c == '-' || (c >= '0' && c <= '9'); }

template <Integer T>
void read_json_integer(JsonReader& reader, T& value, const Rule& rule, const Path& path,
                       FieldErrors& errors) {
  if (!is_number_start(reader.peek())) return wrong_type<T>(reader, path, errors);
  switch (read_integer(reader.number(), value)) {
    case NumberFault::none:
      return check_number(value, rule, path, errors);
    case NumberFault::type:
      return errors.type(path, type_words<T>());
    case NumberFault::range:
      return report_range<T>(rule, path, errors);
  }
}

template <std::floating_point T>
void read_json_real(JsonReader& reader, T& value, const Rule& rule, const Path& path,
                    FieldErrors& errors) {
  if (!is_number_start(reader.peek())) return wrong_type<T>(reader, path, errors);
  double real = 0;
  if (read_real(reader.number(), real) != NumberFault::none ||
      std::abs(real) > static_cast<double>(std::numeric_limits<T>::max())) {
    return errors.range(
        path, std::max(rule.min, static_cast<long double>(std::numeric_limits<T>::lowest())),
        std::min(rule.max, static_cast<long double>(std::numeric_limits<T>::max())));
  }
  value = static_cast<T>(real);
  check_number(value, rule, path, errors);
}

// Types whose JSON is a string: text, enums, times, UUIDs. Also for queries and database values.
template <class T>
void read_string(std::string_view text, T& value, const Rule& rule, Place place, const Path& path,
                 FieldErrors& errors) {
  if constexpr (std::same_as<T, std::string>) {
    value.assign(text);
    check_text(text, rule, place == Place::item, path, errors);
  } else if constexpr (Enumeration<T>) {
    if (!EnumNames<T>::read(text, value)) errors.choice(path, listed(EnumNames<T>::kNames));
  } else {
    const auto parsed = T::parse(text);
    if (parsed)
      value = *parsed;
    else
      report_format(path, std::same_as<T, Uuid> ? Format::uuid : Format::date_time, errors);
  }
}

// Numbers keep their exact value: integers of 64 bits as such, others as the nearest double, which
// Boost.JSON's own parser of 1.81 misses by a unit in the last place at times. -0 is a double: no
// integer holds its sign.
inline void read_json_any_number(JsonReader& reader, Json& value, const Path& path,
                                 FieldErrors& errors) {
  const std::string_view text = reader.number();
  const char* const end = text.data() + text.size();
  std::int64_t whole = 0;
  std::uint64_t large = 0;
  double real = 0;
  if (const auto [at, error] = std::from_chars(text.data(), end, whole);
      error == std::errc() && at == end && text != "-0") {
    value = whole;
  } else if (const auto [upto, fault] = std::from_chars(text.data(), end, large);
             fault == std::errc() && upto == end) {
    value = large;
  } else if (read_real(text, real) == NumberFault::none) {
    value = real;
  } else {
    errors.range(path, std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max());
  }
}

inline void read_json_any(JsonReader& reader, Json& value, const Path& path, FieldErrors& errors) {
  const char c = reader.peek();
  if (c == '{') {
    auto& object = value.emplace_object();
    std::string_view key;
    reader.enter('{');
    while (reader.next_key(key)) {
      const auto [at, is_new] = object.emplace({key.data(), key.size()}, nullptr);
      if (!is_new) reader.fail("a repeated key");
      // Nothing is added to this object before the value is read: the place stays.
      read_json_any(reader, at->value(), path, errors);
    }
  } else if (c == '[') {
    auto& array = value.emplace_array();
    reader.enter('[');
    while (reader.next_item()) read_json_any(reader, array.emplace_back(nullptr), path, errors);
  } else if (c == '"') {
    const std::string_view text = reader.text();
    value.emplace_string().assign(text.data(), text.size());
  } else if (c == 't' || c == 'f') {
    value = reader.boolean();
  } else if (c == 'n') {
    reader.null();
    value = nullptr;
  } else {
    read_json_any_number(reader, value, path, errors);
  }
}

inline void check_count(std::size_t count, const Rule& rule, const Path& path,
                        FieldErrors& errors) {
  if (count < rule.length_min || count > rule.length_max) {
    errors.length(path, rule.length_min, rule.length_max, {" elementos", " items"});
  }
}

template <List T>
void read_json_list(JsonReader& reader, T& value, const Rule& rule, const Path& path,
                    FieldErrors& errors) {
  if (reader.peek() != '[') return wrong_type<T>(reader, path, errors);
  value.clear();
  reader.enter('[');
  std::size_t count = 0;
  while (reader.next_item()) {
    if (errors.is_full() || count >= rule.length_max) {
      reader.skip();  // the answer is an error already
    } else {
      typename T::value_type item{};
      read_json(reader, item, rule, Place::item, path.item(count), errors);
      value.push_back(std::move(item));
    }
    ++count;
  }
  check_count(count, rule, path, errors);
}

template <Map T>
void read_json_map(JsonReader& reader, T& value, const Rule& rule, const Path& path,
                   FieldErrors& errors) {
  if (reader.peek() != '{') return wrong_type<T>(reader, path, errors);
  value.clear();
  reader.enter('{');
  std::string_view key;
  while (reader.next_key(key)) {
    const auto [at, is_new] = value.try_emplace(std::string(key));
    if (!is_new) reader.fail("a repeated key");
    read_json(reader, at->second, rule, Place::item, path.member(at->first), errors);
  }
  check_count(value.size(), rule, path, errors);
}

// Keys of no field, kept to find repeated ones and, in a closed struct, to name them.
class UnknownKeys {
 public:
  void add(std::string_view key) { keys_.emplace_back(key); }
  void check(JsonReader& reader, bool is_closed, const Path& path, FieldErrors& errors) {
    if (keys_.empty()) return;
    std::sort(keys_.begin(), keys_.end());
    if (std::adjacent_find(keys_.begin(), keys_.end()) != keys_.end()) {
      reader.fail("a repeated key");
    }
    if (!is_closed) return;
    for (const std::string& key : keys_) errors.unknown(path.member(key));
  }

 private:
  std::vector<std::string> keys_;
};

template <Described T, std::size_t I>
void read_json_field(JsonReader& reader, T& object, const Field& field, const Path& path,
                     FieldErrors& errors) {
  if (reader.peek() == 'n' && !std::is_same_v<MemberType<T, I>, Json>) {
    reader.null();  // absence
    if (field.is_required) errors.required(path);
    return;
  }
  read_json(reader, object.*MemberAt<T, I>::pointer, *field.rule, Place::field, path, errors);
}

// One function a field, so that finding a field ends in one indirect call.
template <Described T>
inline constexpr auto kFieldReaders = []<std::size_t... I>(std::index_sequence<I...>) {
  using Reader = void (*)(JsonReader&, T&, const Field&, const Path&, FieldErrors&);
  return std::array<Reader, (sizeof...(I) > 0 ? sizeof...(I) : 1)>{&read_json_field<T, I>...};
}
(std::make_index_sequence<kMemberCount<T>>());

template <Described T>
void read_json_object(JsonReader& reader, T& value, const Path& path, FieldErrors& errors) {
  if (reader.peek() != '{') return wrong_type<T>(reader, path, errors);
  const Shape<T>& of = shape<T>();
  std::uint64_t seen = 0;
  std::size_t expected = 0;
  UnknownKeys unknown;
  std::string_view key;
  reader.enter('{');
  while (reader.next_key(key)) {
    const std::size_t index = of.find(key, expected);
    if (index == of.kCount) {
      unknown.add(key);
      reader.skip();
      continue;
    }
    if ((seen >> index & 1) != 0) reader.fail("a repeated key");
    seen |= std::uint64_t{1} << index;
    expected = index + 1;
    const Field& field = of.fields[index];
    kFieldReaders<T>[index](reader, value, field, path.member(field.name), errors);
  }
  unknown.check(reader, of.rules.is_closed(), path, errors);
  for (std::size_t i = 0; i < of.kCount; ++i) {
    if (of.fields[i].is_required && (seen >> i & 1) == 0) {
      errors.required(path.member(of.fields[i].name));
    }
  }
}

template <Bindable T>
void read_json_scalar(JsonReader& reader, T& value, const Rule& rule, Place place, const Path& path,
                      FieldErrors& errors) {
  if constexpr (std::same_as<T, bool>) {
    const char c = reader.peek();
    if (c != 't' && c != 'f') return wrong_type<T>(reader, path, errors);
    value = reader.boolean();
  } else if constexpr (Integer<T>) {
    read_json_integer(reader, value, rule, path, errors);
  } else if constexpr (std::floating_point<T>) {
    read_json_real(reader, value, rule, path, errors);
  } else {
    if (reader.peek() != '"') return wrong_type<T>(reader, path, errors);
    read_string(reader.text(), value, rule, place, path, errors);
  }
}

template <Bindable T>
void read_json(JsonReader& reader, T& value, const Rule& rule, Place place, const Path& path,
               FieldErrors& errors) {
  if constexpr (Optional<T>) {
    if (reader.peek() == 'n') {
      reader.null();
      value.reset();
      return;
    }
    return read_json(reader, value.emplace(), rule, place, path, errors);
  } else if constexpr (std::same_as<T, Json>) {
    read_json_any(reader, value, path, errors);
  } else if constexpr (List<T>) {
    read_json_list(reader, value, rule, path, errors);
  } else if constexpr (Map<T>) {
    read_json_map(reader, value, rule, path, errors);
  } else if constexpr (Described<T>) {
    read_json_object(reader, value, path, errors);
  } else {
    read_json_scalar(reader, value, rule, place, path, errors);
  }
  if constexpr (!Optional<T>) {
    if (rule.check && place == Place::field && errors.empty()) {
      check_own(&value, rule, path, errors);
    }
  }
}

}  // namespace calixo::detail
