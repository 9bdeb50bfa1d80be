// Puts an event and its fields into one line: nothing that a field bears can end the line, begin
// another or reach a terminal as a command. Pure; used by the log, and by what prints like it.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "log/log.hpp"

namespace calixo::host::log {

using Time = std::chrono::system_clock::time_point;

struct Line {
  Time time;
  Level level = Level::info;
  std::string_view event;
  std::span<const Field> fields;
};

// `12:03:04.123 info  plugin started id=org.example.plank took_ms=14`, in local time, no newline.
std::string text_line(const Line& line, bool with_colours);

// `{"ts":"2026-01-02T12:03:04.123Z","level":"info","event":"plugin started","took_ms":14}`, no
// newline. A field that repeats a name bears its place behind it ("level_2"): no reader sees
// another level, event or plugin than the one that was written first.
std::string json_line(const Line& line);

// Appends text so that it stays within one line of a terminal: control characters, those that turn
// the writing direction, and invalid UTF-8 become \n, \x1b, \u202e.
void append_printable(std::string& to, std::string_view text);

// Appends text as a JSON string with its quotes; invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& to, std::string_view text);

}  // namespace calixo::host::log
