#include "cli/table.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "log/line.hpp"
#include "log/utf8.hpp"

namespace calixo::host {
namespace {

struct Range {
  char32_t first, last;
};

// The common blocks of Unicode's general categories Mn, Me and Cf, and of UAX #11's wide ones.
constexpr Range kZeroWidth[] = {{0x0300, 0x036F}, {0x0483, 0x0489},   {0x0591, 0x05BD},
                                {0x0610, 0x061A}, {0x064B, 0x065F},   {0x200B, 0x200F},
                                {0x2060, 0x2064}, {0x20D0, 0x20F0},   {0xFE00, 0xFE0F},
                                {0xFE20, 0xFE2F}, {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF}};
constexpr Range kDoubleWidth[] = {
    {0x1100, 0x115F},  {0x231A, 0x231B}, {0x23E9, 0x23EC},   {0x2614, 0x2615},   {0x2705, 0x2705},
    {0x270A, 0x270B},  {0x2753, 0x2755}, {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},  {0xA000, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1F9FF},
    {0x20000, 0x3FFFD}};

template <std::size_t count>
bool is_in(const Range (&ranges)[count], char32_t code) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [&](const Range& range) { return code >= range.first && code <= range.last; });
}

bool is_number(const Cell& cell) {
  return std::holds_alternative<std::int64_t>(cell) || std::holds_alternative<double>(cell);
}

// "took_ms" -> "TOOK MS".
std::string heading(const Column& column) {
  std::string text = column.name;
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == '_') c = ' ';
  }
  return text;
}

struct PrintedCell {
  std::string text;
  bool is_right = false;
};
using PrintedRow = std::vector<PrintedCell>;

void append_row(std::string& to, const PrintedRow& row, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string padding(widths[i] - display_width(row[i].text), ' ');
    line += i == 0 ? "" : "  ";
    line += row[i].is_right ? padding + row[i].text : row[i].text + padding;
  }
  line.erase(line.find_last_not_of(' ') + 1);
  to += line + '\n';
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const log::Character character = log::first_character(text);
    if (character.code == log::kInvalid || !is_in(kZeroWidth, character.code)) {
      width += character.code != log::kInvalid && is_in(kDoubleWidth, character.code) ? 2 : 1;
    }
    text.remove_prefix(character.size);
  }
  return width;
}

std::string cell_text(const Cell& cell) {
  std::string text;
  if (const auto* held = std::get_if<std::string>(&cell)) {
    log::append_printable(text, *held);
  } else if (const auto* whole = std::get_if<std::int64_t>(&cell)) {
    text = std::to_string(*whole);
  } else if (const auto* real = std::get_if<double>(&cell)) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%.6g", *real);
    text = buffer;
  } else if (const auto* is_true = std::get_if<bool>(&cell)) {
    text = *is_true ? "yes" : "no";
  }
  return text;
}

std::string table_text(const Table& table) {
  std::vector<PrintedRow> printed(1);
  for (const Column& column : table.columns) printed[0].push_back({heading(column)});
  for (const std::vector<Cell>& row : table.rows) {
    PrintedRow& line = printed.emplace_back();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const Cell cell = i < row.size() ? row[i] : Cell();
      line.push_back({cell_text(cell), is_number(cell)});
      printed[0][i].is_right = printed[0][i].is_right || is_number(cell);
    }
  }
  std::vector<std::size_t> widths(table.columns.size());
  for (const PrintedRow& row : printed) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i].text));
    }
  }
  std::string text;
  for (const PrintedRow& row : printed) append_row(text, row, widths);
  return text;
}

}  // namespace calixo::host
