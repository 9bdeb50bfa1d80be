#include "cli/output.hpp"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <algorithm>
#include <cmath>

#include "log/utf8.hpp"

namespace calixo::host {
namespace {

constexpr unsigned kIndent = 2;

// Poco writes bytes as they stand, and JSON is UTF-8.
std::string valid_utf8(std::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const log::Character character = log::first_character(text);
    valid += character.code == log::kInvalid ? "\xEF\xBF\xBD" : text.substr(0, character.size);
    text.remove_prefix(character.size);
  }
  return valid;
}

Poco::Dynamic::Var to_var(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return valid_utf8(*text);
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return Poco::Int64(*whole);
  if (const auto* is_true = std::get_if<bool>(&cell)) return *is_true;
  const auto* real = std::get_if<double>(&cell);
  if (real != nullptr && std::isfinite(*real)) return *real;
  return {};
}

Poco::JSON::Object new_object() {
  return Poco::JSON::Object(Poco::JSON_PRESERVE_KEY_ORDER | Poco::JSON_WRAP_STRINGS);
}

}  // namespace

Output::Output(std::ostream& out, std::ostream& error, bool is_json)
    : out_(out), error_(error), is_json_(is_json) {}

void Output::table(const Table& rows, std::string_view empty) {
  if (!is_json_) {
    out_ << (rows.rows.empty() ? std::string(empty) + "\n" : table_text(rows)) << std::flush;
    return;
  }
  if (rows.rows.empty()) {  // which Poco spreads over three lines
    out_ << "[]" << std::endl;
    return;
  }
  Poco::JSON::Array array;
  for (const std::vector<Cell>& row : rows.rows) {
    Poco::JSON::Object object = new_object();
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
      object.set(rows.columns[i].name, i < row.size() ? to_var(row[i]) : Poco::Dynamic::Var());
    }
    array.add(object);
  }
  array.stringify(out_, kIndent);
  out_ << std::endl;
}

void Output::object(const std::vector<std::pair<std::string, Cell>>& members) {
  if (is_json_) {
    Poco::JSON::Object object = new_object();
    for (const auto& [name, cell] : members) object.set(name, to_var(cell));
    object.stringify(out_, kIndent);
    out_ << std::endl;
    return;
  }
  std::size_t width = 0;
  for (const auto& [name, cell] : members) width = std::max(width, display_width(name));
  for (const auto& [name, cell] : members) {
    out_ << name << std::string(width - display_width(name) + 2, ' ') << cell_text(cell) << '\n';
  }
  out_ << std::flush;
}

void Output::say(std::string_view line) {
  if (!is_json_) out_ << line << std::endl;
}

void Output::raw(std::string_view text) { out_ << text << std::flush; }

void Output::complain(std::string_view line) { error_ << "calixo: " << line << std::endl; }

}  // namespace calixo::host
