// Writes bindable types as JSON, straight onto the end of a string.
// [any-thread]
#pragma once

#include <calixo/detail/json_writer.hpp>
#include <calixo/detail/shape.hpp>

#include <boost/json/serializer.hpp>

#include <string>

namespace calixo::detail {

template <Bindable T>
void write_json(std::string& out, const T& value);

inline void write_json_any(std::string& out, const Json& value) {
  boost::json::serializer serializer;
  serializer.reset(&value);
  char buffer[1024];
  while (!serializer.done()) {
    const auto part = serializer.read(buffer, sizeof buffer);
    out.append(part.data(), part.size());
  }
}

template <Described T, std::size_t I>
void write_json_field(std::string& out, const T& object, const Field& field) {
  const auto& value = object.*MemberAt<T, I>::pointer;
  if constexpr (Optional<MemberType<T, I>>) {
    if (!value && field.rule->omits_empty) return;
  }
  out += field.key;
  write_json(out, value);
  out += ',';
}

template <Described T>
void write_json_object(std::string& out, const T& value) {
  const Shape<T>& of = shape<T>();
  out += '{';
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (write_json_field<T, I>(out, value, of.fields[I]), ...);
  }
  (std::make_index_sequence<kMemberCount<T>>());
  if (out.back() == ',')
    out.back() = '}';
  else
    out += '}';
}

template <class T>
void write_json_list(std::string& out, const T& value) {
  out += '[';
  bool is_first = true;
  for (const auto& item : value) {
    if (!is_first) out += ',';
    is_first = false;
    write_json(out, static_cast<const typename T::value_type&>(item));
  }
  out += ']';
}

template <Map T>
void write_json_map(std::string& out, const T& value) {
  out += '{';
  bool is_first = true;
  for (const auto& [key, item] : value) {
    if (!is_first) out += ',';
    is_first = false;
    append_text(out, key);
    out += ':';
    write_json(out, item);
  }
  out += '}';
}

template <Bindable T>
void write_json(std::string& out, const T& value) {
  if constexpr (Optional<T>) {
    if (value)
      write_json(out, *value);
    else
      out += "null";
  } else if constexpr (std::same_as<T, Json>) {
    write_json_any(out, value);
  } else if constexpr (List<T>) {
    write_json_list(out, value);
  } else if constexpr (Map<T>) {
    write_json_map(out, value);
  } else if constexpr (Described<T>) {
    write_json_object(out, value);
  } else if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (Integer<T>) {
    append_number(out, value);
  } else if constexpr (std::floating_point<T>) {
    append_number(out, static_cast<double>(value));
  } else if constexpr (Enumeration<T>) {
    append_text(out, EnumNames<T>::name(value));
  } else if constexpr (std::same_as<T, Timestamp>) {
    append_timestamp(out, value);
  } else {
    append_text(out, value);
  }
}

}  // namespace calixo::detail
