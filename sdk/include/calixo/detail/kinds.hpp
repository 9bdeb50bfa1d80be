// Which types can be bound to JSON, query strings and rows, and what each counts as.
#pragma once

#include <calixo/clock.hpp>
#include <calixo/uuid.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <array>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace calixo {

// Any JSON value, for bodies whose shape is not known.
using Json = boost::json::value;

namespace detail {

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <class... A, template <class...> class Template>
inline constexpr bool is_a<Template<A...>, Template> = true;

template <class T>
concept Character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
    std::same_as<T, char16_t> || std::same_as<T, char32_t>;
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool> && !Character<T>;
template <class T>
concept Optional = is_a<T, std::optional>;
template <class T>
concept List = is_a<T, std::vector>;
template <class T>
concept Map = is_a<T, std::map> && std::same_as<typename T::key_type, std::string>;
template <class T>
concept Enumeration = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;
template <class T>
concept Described = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;
template <class T>
concept Bindable = std::same_as<T, bool> || Integer<T> || std::floating_point<T> ||
    std::same_as<T, std::string> || Optional<T> || List<T> || Map<T> || Enumeration<T> ||
    Described<T> || std::same_as<T, Json> || std::same_as<T, Timestamp> || std::same_as<T, Uuid>;

// The names of a described enum's values, in their order.
template <Enumeration E>
struct EnumNames {
  using Entries = boost::describe::describe_enumerators<E>;
  static constexpr std::size_t kCount = boost::mp11::mp_size<Entries>::value;

  static constexpr auto kNames = []<class... D>(boost::mp11::mp_list<D...>) {
    return std::array<std::string_view, kCount>{D::name...};
  }(boost::mp11::mp_rename<Entries, boost::mp11::mp_list>());
  static constexpr auto kValues = []<class... D>(boost::mp11::mp_list<D...>) {
    return std::array<E, kCount>{D::value...};
  }(boost::mp11::mp_rename<Entries, boost::mp11::mp_list>());

  static bool read(std::string_view text, E& value) {
    for (std::size_t i = 0; i < kCount; ++i) {
      if (kNames[i] == text) {
        value = kValues[i];
        return true;
      }
    }
    return false;
  }
  // Empty for a value that has no name.
  static std::string_view name(E value) {
    for (std::size_t i = 0; i < kCount; ++i) {
      if (kValues[i] == value) return kNames[i];
    }
    return {};
  }
};

template <class T>
struct Unwrapped {
  using type = T;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using type = T;
};
// What stands inside an optional; the type itself elsewhere.
template <class T>
using unwrapped = typename Unwrapped<T>::type;

}  // namespace detail
}  // namespace calixo
