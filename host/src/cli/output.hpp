// What a command answers: rows for people as an aligned table, for programs (--json) as JSON.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/table.hpp"

namespace calixo::host {

class Output {
 public:
  Output(std::ostream& out, std::ostream& error, bool is_json);
  bool is_json() const { return is_json_; }

  // The rows; `empty` is said to people where there are none.
  void table(const Table& rows, std::string_view empty = "nothing");
  // One object: aligned "name  value" lines, or a JSON object.
  void object(const std::vector<std::pair<std::string, Cell>>& members);
  // A sentence for people; not printed with --json.
  void say(std::string_view line);
  // Text as it is, in both forms (a document).
  void raw(std::string_view text);
  // To standard error, in both forms: "calixo: …".
  void complain(std::string_view line);

 private:
  std::ostream& out_;
  std::ostream& error_;
  bool is_json_;
};

}  // namespace calixo::host
