// The words of a command of this plugin: flags, options with a value, and the rest.
// Values. [any-thread]
#pragma once

#include <calixo/command.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::auth {

class Words {
 public:
  // Throws std::invalid_argument for a word that the command does not take.
  Words(const std::vector<std::string>& given, const std::set<std::string>& flags,
        const std::set<std::string>& options);

  bool has(const std::string& flag) const { return flags_.count(flag) != 0; }
  std::optional<std::string> value(const std::string& option) const;
  // Throws std::invalid_argument where it is no number within the bounds.
  std::int64_t number(const std::string& option, std::int64_t otherwise, std::int64_t max) const;
  // Throws std::invalid_argument where there are more or fewer than the names.
  std::vector<std::string> exactly(const std::vector<std::string>& names) const;

 private:
  std::set<std::string> flags_;
  std::map<std::string, std::string> values_;
  std::vector<std::string> rest_;
};

// Runs a command's body: mistakes in its words show the usage (64), refusals say why (1).
int run_command(std::string_view usage, Output& out, const std::function<void()>& body);

// Rows in columns; the first row is the head.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace calixo::auth
