// PostgreSQL's text format to C++ values and back.
// [any-thread]
#pragma once

#include <calixo/abi/base.h>
#include <calixo/detail/read_json.hpp>
#include <calixo/detail/real_text.hpp>
#include <calixo/detail/write_json.hpp>

#include <charconv>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::detail {

// A column whose text is no T: the statement and the struct don't fit each other.
[[noreturn]] inline void misfit(std::string_view column, std::string_view expected) {
  throw std::logic_error("column " + std::string(column) + " is not " + std::string(expected));
}

template <class T>
void read_sql(std::string_view text, T& value, std::string_view column);

// One-dimensional arrays: {a,"b \"c\"",NULL}.
template <class T>
void read_sql_array(std::string_view text, std::vector<T>& values, std::string_view column) {
  values.clear();
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') misfit(column, "an array");
  std::size_t i = 1;
  const std::size_t end = text.size() - 1;
  while (i < end) {
    std::string item;
    const bool is_quoted = text[i] == '"';
    if (is_quoted) ++i;
    while (i < end && text[i] != (is_quoted ? '"' : ',')) {
      if (text[i] == '\\') ++i;
      item += text[i++];
    }
    if (is_quoted) ++i;
    if (i < end && text[i] != ',') misfit(column, "a plain array");
    ++i;
    const bool is_null = !is_quoted && item == "NULL";
    T value{};
    if constexpr (Optional<T>) {
      if (!is_null) read_sql(item, value.emplace(), column);
    } else {
      if (is_null) misfit(column, "free of NULL within");
      read_sql(item, value, column);
    }
    values.push_back(std::move(value));
  }
}

template <class T>
void read_sql_json(std::string_view text, T& value, std::string_view column) {
  FieldErrors errors("en");
  try {
    JsonReader reader(text);
    read_json(reader, value, kNoRule, Place::field, {}, errors);
    reader.finish();
  } catch (const MalformedJson& fault) {
    misfit(column, std::string("JSON: ") + fault.reason);
  }
  try {
    errors.throw_if_any();
  } catch (const Problem& problem) {
    misfit(column, "of the struct's shape, at " + problem.errors().front().field);
  }
}

template <class T>
void read_sql(std::string_view text, T& value, std::string_view column) {
  if constexpr (std::same_as<T, std::string>) {
    value.assign(text);
  } else if constexpr (std::same_as<T, bool>) {
    if (text != "t" && text != "f") misfit(column, "a boolean");
    value = text == "t";
  } else if constexpr (Integer<T> || std::floating_point<T>) {
    const char* const end = text.data() + text.size();
    const auto [at, error] = [&] {
      if constexpr (Integer<T>)
        return std::from_chars(text.data(), end, value);
      else
        return real_from_chars(text.data(), end, value);
    }();
    if (error != std::errc() || at != end) misfit(column, "a number that fits");
  } else if constexpr (std::same_as<T, Timestamp>) {
    const auto time = Timestamp::parse_sql(text);
    if (!time) misfit(column, "a timestamptz");
    value = *time;
  } else if constexpr (std::same_as<T, Uuid>) {
    const auto uuid = Uuid::parse(text);
    if (!uuid) misfit(column, "a uuid");
    value = *uuid;
  } else if constexpr (Enumeration<T>) {
    if (!EnumNames<T>::read(text, value)) misfit(column, "a known value");
  } else if constexpr (List<T>) {
    if (!text.empty() && text.front() == '[')
      read_sql_json(text, value, column);
    else if constexpr (requires { read_sql_array(text, value, column); }) {
      read_sql_array(text, value, column);
    }
  } else {
    read_sql_json(text, value, column);
  }
}

// A list that is sent as an array; one of structs is sent as json.
template <class T>
concept ScalarList = List<T> && !Described<typename T::value_type>;

// One parameter in text format: a view of what the caller holds, or of a small buffer or string of
// its own. Alive for the length of the call.
class SqlParameter {
 public:
  SqlParameter(const SqlParameter&) = delete;
  SqlParameter& operator=(const SqlParameter&) = delete;

  template <class T>
  explicit SqlParameter(const T& value) {
    encode(value);
  }
  calixo_str view() const { return view_; }

 private:
  template <class T>
  void encode(const T& value) {
    if constexpr (std::same_as<T, std::nullopt_t> || std::same_as<T, std::nullptr_t>) {
      view_ = {nullptr, 0};
    } else if constexpr (Optional<T>) {
      if (value) encode(*value);
    } else if constexpr (std::same_as<T, bool>) {
      text(value ? "t" : "f");
    } else if constexpr (Integer<T> || std::floating_point<T>) {
      char* const end = std::to_chars(buffer_, buffer_ + sizeof buffer_, value).ptr;
      text({buffer_, static_cast<std::size_t>(end - buffer_)});
    } else if constexpr (std::same_as<T, Timestamp>) {
      char* const end = write_timestamp(buffer_, value);
      text({buffer_, static_cast<std::size_t>(end - buffer_)});
    } else if constexpr (Enumeration<T>) {
      text(EnumNames<T>::name(value));
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
      text(value);
    } else if constexpr (ScalarList<T>) {
      append_array(value);
      text(owned_);
    } else {
      write_json(owned_, value);
      text(owned_);
    }
  }

  // Absence and emptiness differ in the ABI by the pointer alone. The protocol ends a text at its
  // first NUL, so that one would be cut silently.
  void text(std::string_view value) {
    if (value.find('\0') != std::string_view::npos) throw Problem(422, "invalid_text");
    view_ = {value.data() == nullptr ? "" : value.data(), value.size()};
  }

  template <class T>
  void append_array(const std::vector<T>& values) {
    owned_ = "{";
    for (const auto& value : values) {
      if (owned_.size() > 1) owned_ += ',';
      append_item(static_cast<const T&>(value));
    }
    owned_ += '}';
  }
  template <class T>
  void append_item(const T& item) {
    if constexpr (Optional<T>) {
      if (!item)
        owned_ += "NULL";
      else
        append_item(*item);
    } else {
      const SqlParameter encoded(item);
      owned_ += '"';
      for (const char c : std::string_view(encoded.view_.data, encoded.view_.size)) {
        if (c == '"' || c == '\\') owned_ += '\\';
        owned_ += c;
      }
      owned_ += '"';
    }
  }

  calixo_str view_{nullptr, 0};
  char buffer_[48];
  std::string owned_;
};

}  // namespace calixo::detail
