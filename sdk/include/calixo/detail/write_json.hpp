// Writes bindable types as JSON, straight onto the end of a string.
// [any-thread]
#pragma once

#include <calixo/detail/json_writer.hpp>
#include <calixo/detail/shape.hpp>

#include <string>

namespace calixo::detail {

template <Bindable T>
void write_json(std::string& out, const T& value);

// Ends a list of members, each followed by a comma.
inline void close_json(std::string& out, char bracket) {
  if (out.back() == ',') {
    out.back() = bracket;
  } else {
    out += bracket;
  }
}

inline void write_json_any(std::string& out, const Json& value) {
  switch (value.kind()) {
    case boost::json::kind::null:
      out += "null";
      break;
    case boost::json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      break;
    case boost::json::kind::int64:
      append_number(out, value.get_int64());
      break;
    case boost::json::kind::uint64:
      append_number(out, value.get_uint64());
      break;
    case boost::json::kind::double_:
      append_number(out, value.get_double());
      break;
    case boost::json::kind::string:
      append_text(out, {value.get_string().data(), value.get_string().size()});
      break;
    case boost::json::kind::array:
      out += '[';
      for (const Json& item : value.get_array()) {
        write_json_any(out, item);
        out += ',';
      }
      close_json(out, ']');
      break;
    case boost::json::kind::object:
      out += '{';
      for (const auto& member : value.get_object()) {
        append_text(out, {member.key().data(), member.key().size()});
        out += ':';
        write_json_any(out, member.value());
        out += ',';
      }
      close_json(out, '}');
      break;
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
  close_json(out, '}');
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
