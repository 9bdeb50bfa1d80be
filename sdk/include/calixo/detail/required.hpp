// Tells which members of a struct have a member initializer: those may be left out of a request.
// A constant expression can't read a member that nothing initialised, so whether it can is asked at
// compile time. Where the struct can't be made in a constant expression (a std::map or Json member;
// with clang 14 also a std::string), it is made twice over known bytes, once, at the first use.
#pragma once

#include <calixo/rules.hpp>

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>

namespace calixo::detail {

template <class T>
constexpr bool made_in_constant() {
  T made;
  (void)made;
  return true;
}
template <class T, bool = made_in_constant<T>()>
constexpr bool is_constant_default(int) {
  return true;
}
template <class T>
constexpr bool is_constant_default(...) {
  return false;
}

template <class T, std::size_t I>
constexpr bool read_in_constant() {
  T made;
  const auto value = made.*MemberAt<T, I>::pointer;
  (void)value;
  return true;
}
template <class T, std::size_t I, bool = read_in_constant<T, I>()>
constexpr bool is_readable(int) {
  return true;
}
template <class T, std::size_t I>
constexpr bool is_readable(...) {
  return false;
}

// Default-initialises a T, where the compiler can't see what was in that memory before.
template <class T>
[[gnu::noinline]] T* make_over(void* memory) {
  return new (memory) T;
}

// Whether construction wrote the member, seen over two patterns. [any-thread]
template <class T, std::size_t I>
bool is_written() {
  using Value = MemberType<T, I>;
  bool is_untouched = true;
  for (const unsigned char pattern : {0xa5, 0x5a}) {
    const auto storage = std::make_unique<unsigned char[]>(sizeof(T) + alignof(T));
    void* memory = storage.get();
    std::size_t space = sizeof(T) + alignof(T);
    std::align(alignof(T), sizeof(T), memory, space);
    std::memset(memory, pattern, sizeof(T));
    asm volatile("" : : "r"(memory) : "memory");
    T* const made = make_over<T>(memory);
    asm volatile("" : : "r"(made) : "memory");
    unsigned char bytes[sizeof(Value)];
    std::memcpy(bytes, static_cast<const void*>(&(made->*MemberAt<T, I>::pointer)), sizeof bytes);
    for (const unsigned char byte : bytes) is_untouched = is_untouched && byte == pattern;
    made->~T();
  }
  return !is_untouched;
}

template <class T>
bool is_all_optional();

// Whether member I of T has a value when nobody gives one. [any-thread]
template <class T, std::size_t I>
bool has_default() {
  using Value = MemberType<T, I>;
  if constexpr (Optional<Value>) {
    return true;
  } else if constexpr (Described<Value>) {
    return is_all_optional<Value>();
  } else if constexpr (std::is_class_v<Value>) {
    const auto made = std::make_unique<T>();
    const Value& value = made.get()->*MemberAt<T, I>::pointer;
    if constexpr (std::same_as<Value, Json>)
      return !value.is_null();
    else if constexpr (std::same_as<Value, Timestamp>)
      return value != Timestamp();
    else
      return !value.empty();
  } else if constexpr (is_constant_default<T>(0)) {
    return is_readable<T, I>(0);
  } else {
    return is_written<T, I>();
  }
}

template <class T>
bool is_all_optional() {
  return []<std::size_t... I>(std::index_sequence<I...>) { return (has_default<T, I>() && ...); }
  (std::make_index_sequence<kMemberCount<T>>());
}

}  // namespace calixo::detail
