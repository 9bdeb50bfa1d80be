// Rows with named columns, and their form for people. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace calixo::host {

// monostate: nothing (empty in a table, null in JSON).
using Cell = std::variant<std::monostate, std::string, std::int64_t, bool, double>;

struct Column {
  std::string name;  // snake_case: the JSON member; the table's heading is made of it
};

struct Table {
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

// Aligned columns under headings, numbers to the right; a row is a line, whatever its cells hold.
std::string table_text(const Table& table);
// A cell as it stands in a table: control characters are escaped, "yes" and "no", nothing is "".
std::string cell_text(const Cell& cell);

// Terminal columns that a text takes: combining marks none, East Asian wide ones and emoji two.
std::size_t display_width(std::string_view text);

}  // namespace calixo::host
