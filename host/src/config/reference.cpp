// The default file and the reference, written from the registrations: no second place to keep.
#include <map>
#include <sstream>

#include "config/configuration.hpp"
#include "config/key_rules.hpp"
#include "config/layers.hpp"

namespace calixo::host {
namespace {

constexpr std::size_t kColumns = 98;

constexpr const char* kPropertiesHead =
    "# Calixo's configuration: every key with its default. Generated from the registered keys.\n"
    "#\n"
    "# To set a key, take the \"#\" from its line and change the value. The environment variable\n"
    "# CALIXO_AREA_NAME goes above area.name in this file, and --set area.name=value above both.\n"
    "# A backslash in a value is written twice. `calixo config check` tells what is wrong.\n";

constexpr const char* kMarkdownHead =
    "# Configuration reference\n"
    "\n"
    "Generated from the registered keys. A value comes from `calixo.properties`, above it from "
    "the\n"
    "environment (`http.port` is `CALIXO_HTTP_PORT`), above it from `--set http.port=8080`; keys\n"
    "marked *runtime* also from the `config` table, above all, without a restart. Values marked\n"
    "*secret* are never shown, those marked *public* are served by `GET /api/config`.\n";

using KeysByArea = std::map<std::string, std::vector<const Key*>>;

KeysByArea by_area(const Configuration& configuration) {
  KeysByArea areas;
  for (const Key* key : configuration.keys()) {
    areas[key->name.substr(0, key->name.find('.'))].push_back(key);
  }
  return areas;
}

std::string in_one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

// "# " before each line, broken at spaces.
void write_comment(std::ostream& out, const std::string& text) {
  std::istringstream words(text);
  std::string word, line = "#";
  while (words >> word) {
    if (line.size() > 1 && line.size() + 1 + word.size() > kColumns) {
      out << line << '\n';
      line = "#";
    }
    line += ' ' + word;
  }
  out << line << '\n';
}

std::string marks_text(const Key& key) {
  std::string marks;
  const auto add = [&](bool is_set, const char* mark) {
    if (is_set) marks += (marks.empty() ? "" : ", ") + std::string(mark);
  };
  add(key.required, "required");
  add(key.secret, "secret");
  add(key.is_public, "public");
  add(key.runtime, "runtime");
  return marks;
}

// As PropertyFileConfiguration reads it back.
std::string property_value(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\')
      text += "\\\\";
    else if (c == '\n')
      text += "\\n";
    else if (c == '\r')
      text += "\\r";
    else if (c == '\t')
      text += "\\t";
    else
      text += c;
  }
  return text;
}

void write_property(std::ostream& out, const Key& key) {
  const std::string marks = marks_text(key);
  out << '\n';
  write_comment(out, in_one_line(key.description));
  std::string kind = "Takes " + values_text(key) + (marks.empty() ? "." : "; " + marks + ".");
  if (!key.default_shown.empty()) kind += " Default: " + key.default_shown + ".";
  write_comment(out, kind);
  const std::string value = key.default_shown.empty() ? property_value(key.default_value) : "";
  out << '#' << key.name << " =" << (value.empty() ? "" : " ") << value << '\n';
}

std::string cell(const std::string& text) {
  std::string escaped;
  for (const char c : in_one_line(text)) {
    if (c == '|' || c == '\\' || c == '*' || c == '<') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string code_cell(const std::string& text) {
  if (text.empty()) return {};
  std::string escaped;
  for (const char c : in_one_line(text)) {
    if (c == '|') escaped += '\\';
    escaped += c == '`' ? '\'' : c;
  }
  return '`' + escaped + '`';
}

void write_row(std::ostream& out, const Key& key) {
  const std::string marks = marks_text(key);
  const std::string shown =
      key.default_shown.empty() ? code_cell(key.default_value) : cell(key.default_shown);
  out << "| " << code_cell(key.name) << " | " << cell(values_text(key)) << " | " << shown << " | "
      << cell(key.description) << (marks.empty() ? "" : " *" + marks + "*") << " | " << key.owner
      << " |\n";
}

}  // namespace

std::string properties_reference(const Configuration& configuration) {
  std::ostringstream out;
  out << kPropertiesHead;
  for (const auto& [area, keys] : by_area(configuration)) {
    out << "\n\n# ---- " << area << " ----\n";
    for (const Key* key : keys) write_property(out, *key);
  }
  return out.str();
}

std::string markdown_reference(const Configuration& configuration) {
  std::ostringstream out;
  out << kMarkdownHead;
  for (const auto& [area, keys] : by_area(configuration)) {
    out << "\n## " << area << "\n\n"
        << "| key | takes | default | meaning | owner |\n|---|---|---|---|---|\n";
    for (const Key* key : keys) write_row(out, *key);
  }
  return out.str();
}

}  // namespace calixo::host
