// The commands of the binary: found by their words, each with its help.
#pragma once

#include <cstddef>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/exit_status.hpp"
#include "cli/output.hpp"

namespace calixo::host {

struct Command {
  std::string words;       // "migrate status"
  std::string summary;     // one line
  std::string positional;  // "KEY VALUE" for the usage line; empty: none
  std::size_t positional_min = 0, positional_max = 0;
  std::vector<OptionSpec> options;  // its own; those of the set are added
  std::function<int(const Arguments&, Output&)> run;
  bool is_hidden = false;
  // For commands of plugins: the set's common options are taken out, all other words are handed
  // through unread as positional(), in their order. Then `usage` is what --help shows.
  bool takes_raw_words = false;
  std::string usage;
};

struct CommandSearch;

class CommandSet {
 public:
  // common: options that every command takes (--config, --json, …).
  CommandSet(std::string program, std::vector<OptionSpec> common);

  void add(Command command);
  // Whether there is one of exactly these words.
  bool has(std::string_view words) const;
  // Whether one of its commands takes all of these words: none is left that could belong to a
  // further command, such as a plugin's `doctor ledger` beside `doctor`.
  bool takes(const std::vector<std::string>& words) const;

  // Runs the command that the words name; --help, no words and near misses are answered here.
  // UsageError becomes exit status 2 with its text on standard error. "--json" among the words
  // (before "--") switches the output.
  int run(const std::vector<std::string>& words, std::ostream& out, std::ostream& error) const;

  // The overview of all commands.
  std::string help() const;
  std::string help_of(const Command& command) const;

 private:
  int run_command(const Command& command, const std::vector<std::string>& rest, std::ostream& out,
                  std::ostream& error) const;
  int answer_without_command(const CommandSearch& search, const std::vector<std::string>& words,
                             std::ostream& out, std::ostream& error) const;

  std::string program_;
  std::vector<OptionSpec> common_;
  std::vector<Command> commands_;
};

}  // namespace calixo::host
