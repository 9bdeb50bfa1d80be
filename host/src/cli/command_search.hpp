// Which command a command line names: options of the set may stand before and between its words.
// Private to CommandSet.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace calixo::host {

struct CommandSearch {
  // Throws UsageError for an option of the set without its value.
  CommandSearch(const std::vector<Command>& among, const std::vector<OptionSpec>& common,
                const std::vector<std::string>& line);

  // The shown commands that begin with all words: `migrate` -> `migrate status`, `migrate up`.
  std::vector<const Command*> commands_below() const;
  // The words of the command that was probably meant; empty: none is near.
  std::string nearest_words() const;
  std::string joined() const;  // the words with blanks between
  // How many of the words are the command's own; only where there is one.
  std::size_t command_word_count() const;

  const std::vector<Command>& commands;
  const Command* command = nullptr;  // the longest match
  std::vector<std::string> words;    // those that may name a command
  std::vector<std::string> rest;     // the line without the command's words
};

}  // namespace calixo::host
