// Logs are events with fields: `plugin started id=org.example.plank took_ms=14`.
// Text on a terminal, one JSON object a line otherwise. Asynchronous; never blocks a loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace calixo::host::log {

enum class Level { debug, info, warn, error };

struct Field {
  template <class T>
  requires std::is_arithmetic_v<T> Field(std::string_view field_name, T field_value)
      : name(field_name), value(to_text(field_value)), is_text(false) {}
  Field(std::string_view field_name, std::string_view field_value)
      : name(field_name), value(field_value), is_text(true) {}
  Field(std::string_view field_name, const char* field_value)
      : Field(field_name, std::string_view(field_value)) {}
  Field(std::string_view field_name, const std::string& field_value)
      : Field(field_name, std::string_view(field_value)) {}

  std::string_view name;
  std::string value;
  bool is_text;

 private:
  static std::string to_text(bool value) { return value ? "true" : "false"; }
  template <class T>
  static std::string to_text(T value) {
    return std::to_string(value);
  }
};

struct Options {
  Level level = Level::info;
  std::string format = "auto";          // auto, text, json
  std::size_t queue_length_max = 8192;  // beyond it the oldest lines are dropped and counted
  int descriptor = 2;                   // where the lines go: standard error
};

// Before start and after stop lines are written at once, by the thread that has them.
void start(const Options& options);  // [startup]
void stop();                         // writes what is queued
bool is_enabled(Level level);        // [any-thread]
void write(Level level, std::string_view event, std::span<const Field> fields);  // [any-thread]

inline void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  write(level, event, std::span<const Field>(fields.begin(), fields.size()));
}
inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  if (is_enabled(Level::debug)) write(Level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  if (is_enabled(Level::info)) write(Level::info, event, fields);
}
inline void warn(std::string_view event, std::initializer_list<Field> fields = {}) {
  if (is_enabled(Level::warn)) write(Level::warn, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}
std::uint64_t dropped_count();

}  // namespace calixo::host::log
