#include "log/line.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "log/utf8.hpp"

namespace calixo::host::log {
namespace {

constexpr std::size_t kValueBytesMax = 4096;  // a longer value is cut and says so
constexpr std::string_view kCut = "...(cut)";

constexpr const char* kReset = "\x1b[0m";
constexpr const char* kDim = "\x1b[2m";

std::string_view name_of(Level level) {
  constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};
  return kNames[static_cast<std::size_t>(level)];
}

const char* colour_of(Level level) {
  constexpr const char* kColours[] = {"\x1b[36m", "\x1b[32m", "\x1b[33m", "\x1b[31m"};
  return kColours[static_cast<std::size_t>(level)];
}

int milliseconds_of(Time time) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch();
  const auto part = since.count() % 1000;
  return static_cast<int>(part < 0 ? part + 1000 : part);
}

std::tm split(Time time, bool is_utc) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
  std::tm parts{};
  if (is_utc) {
    gmtime_r(&seconds, &parts);
  } else {
    localtime_r(&seconds, &parts);
  }
  return parts;
}

std::string clock_text(Time time) {
  const std::tm parts = split(time, false);
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%02d:%02d:%02d.%03d", parts.tm_hour, parts.tm_min,
                parts.tm_sec, milliseconds_of(time));
  return buffer;
}

std::string rfc3339_text(Time time) {
  const std::tm parts = split(time, true);
  char buffer[96];
  std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900,
                parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                milliseconds_of(time));
  return buffer;
}

std::string within_limit(std::string_view value) {
  if (value.size() <= kValueBytesMax) return std::string(value);
  std::size_t end = kValueBytesMax;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
  return std::string(value.substr(0, end)).append(kCut);
}

// Whether JSON takes the text as it stands: a number or a boolean, as to_text writes them, but not
// "nan" and "inf".
bool is_json_literal(std::string_view text) {
  if (text == "true" || text == "false") return true;
  return text.find_first_not_of("-.0123456789") == std::string_view::npos && !text.empty();
}

// C1 controls, line and paragraph separators, direction marks.
bool is_harmful(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
         code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

void append_hex(std::string& to, const char* format, unsigned code) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, format, code);
  to += buffer;
}

void append_text_value(std::string& to, std::string_view value) {
  const bool is_plain = !value.empty() && value.find_first_of(" \"=\\") == std::string_view::npos;
  if (is_plain) return append_printable(to, value);
  to += '"';
  std::size_t begin = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '"' && value[i] != '\\') continue;
    append_printable(to, value.substr(begin, i - begin));
    to += '\\';
    begin = i;
  }
  append_printable(to, value.substr(begin));
  to += '"';
}

// A name that can't be taken for a value or for another field.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const bool is_kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    plain += is_kept ? c : '_';
  }
  return plain.empty() ? "_" : plain;
}

// The field's name where no field before it has it, else with its place.
std::string distinct_name(std::span<const Field> fields, std::size_t index) {
  std::string name = plain_name(fields[index].name);
  bool is_taken = name == "ts" || name == "level" || name == "event";
  for (std::size_t i = 0; i < index && !is_taken; ++i)
    is_taken = plain_name(fields[i].name) == name;
  return is_taken ? name + "_" + std::to_string(index + 1) : name;
}

}  // namespace

void append_printable(std::string& to, std::string_view text) {
  while (!text.empty()) {
    const Character character = first_character(text);
    if (character.code == kInvalid) {
      append_hex(to, "\\x%02x", static_cast<unsigned char>(text.front()));
    } else if (!is_harmful(character.code)) {
      to += text.substr(0, character.size);
    } else if (character.code == '\n' || character.code == '\r' || character.code == '\t') {
      to += character.code == '\n' ? "\\n" : character.code == '\r' ? "\\r" : "\\t";
    } else {
      append_hex(to, character.code < 0x100 ? "\\x%02x" : "\\u%04x", character.code);
    }
    text.remove_prefix(character.size);
  }
}

void append_json_string(std::string& to, std::string_view text) {
  to += '"';
  while (!text.empty()) {
    const Character character = first_character(text);
    if (character.code == kInvalid) {
      to += "\\ufffd";
    } else if (character.code == '"' || character.code == '\\') {
      to += '\\';
      to += static_cast<char>(character.code);
    } else if (is_harmful(character.code)) {
      append_hex(to, "\\u%04x", character.code);
    } else {
      to += text.substr(0, character.size);
    }
    text.remove_prefix(character.size);
  }
  to += '"';
}

std::string text_line(const Line& line, bool with_colours) {
  const auto colour = [&](const char* code) { return with_colours ? code : ""; };
  std::string text = colour(kDim) + clock_text(line.time) + colour(kReset) + ' ';
  text.append(colour(colour_of(line.level))).append(name_of(line.level)).append(colour(kReset));
  text.append(6 - name_of(line.level).size(), ' ');
  append_printable(text, line.event);
  for (const Field& field : line.fields) {
    text.append(" ").append(colour(kDim)).append(plain_name(field.name)).append("=");
    text.append(colour(kReset));
    append_text_value(text, within_limit(field.value));
  }
  return text;
}

std::string json_line(const Line& line) {
  std::string json = "{\"ts\":\"" + rfc3339_text(line.time) + "\",\"level\":\"";
  json.append(name_of(line.level)).append("\",\"event\":");
  append_json_string(json, line.event);
  for (std::size_t i = 0; i < line.fields.size(); ++i) {
    const Field& field = line.fields[i];
    json += ",\"" + distinct_name(line.fields, i) + "\":";
    if (!field.is_text && is_json_literal(field.value)) {
      json += field.value;
    } else {
      append_json_string(json, within_limit(field.value));
    }
  }
  return json + "}";
}

}  // namespace calixo::host::log
