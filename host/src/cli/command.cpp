#include "cli/command.hpp"

#include <algorithm>
#include <stdexcept>

#include "cli/command_search.hpp"
#include "cli/table.hpp"

namespace calixo::host {
namespace {

const OptionSpec kHelp{"help", "", "show this help", false};
const OptionSpec kJson{"json", "", "answer in JSON", false};

void add_missing(std::vector<OptionSpec>& options, const OptionSpec& wanted) {
  const bool is_there = std::any_of(options.begin(), options.end(), [&](const OptionSpec& option) {
    return option.name == wanted.name;
  });
  if (!is_there) options.push_back(wanted);
}

std::string option_text(const OptionSpec& option) {
  return "--" + option.name + (option.value_name.empty() ? "" : " " + option.value_name);
}

// "  --email ADDRESS  of the account", aligned.
std::string options_text(const std::vector<OptionSpec>& options) {
  std::size_t width = 0;
  for (const OptionSpec& option : options) {
    width = std::max(width, display_width(option_text(option)));
  }
  std::string text;
  for (const OptionSpec& option : options) {
    const std::string head = option_text(option);
    text += "  " + head + std::string(width - display_width(head) + 2, ' ') + option.description +
            (option.is_repeatable ? "; may be repeated" : "") + "\n";
  }
  return text;
}

std::string summaries_text(const std::vector<const Command*>& commands) {
  std::size_t width = 0;
  for (const Command* command : commands) width = std::max(width, display_width(command->words));
  std::string text;
  for (const Command* command : commands) {
    text += "  " + command->words + std::string(width - display_width(command->words) + 2, ' ') +
            command->summary + "\n";
  }
  return text;
}

// "-h" and "--help" before "--".
bool asks_for_help(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::any_of(words.begin(), end,
                     [](const std::string& word) { return word == "--help" || word == "-h"; });
}

void check_positional(const Command& command, const Arguments& arguments) {
  const std::vector<std::string>& given = arguments.positional();
  if (given.size() > command.positional_max) {
    throw UsageError("unexpected word " + given[command.positional_max]);
  }
  if (given.size() < command.positional_min) {
    throw UsageError(command.words + " needs " + command.positional);
  }
}

}  // namespace

CommandSet::CommandSet(std::string program, std::vector<OptionSpec> common)
    : program_(std::move(program)), common_(std::move(common)) {
  add_missing(common_, kJson);
  add_missing(common_, kHelp);
}

bool CommandSet::has(std::string_view words) const {
  return std::any_of(commands_.begin(), commands_.end(),
                     [words](const Command& command) { return command.words == words; });
}

void CommandSet::add(Command command) {
  if (has(command.words)) {
    throw std::logic_error("the command " + command.words + " is added twice");
  }
  commands_.push_back(std::move(command));
}

bool CommandSet::takes(const std::vector<std::string>& words) const {
  const CommandSearch search(commands_, common_, words);
  if (search.command == nullptr) return false;
  const std::size_t left = search.words.size() - search.command_word_count();
  return search.command->takes_raw_words || left <= search.command->positional_max;
}

std::string CommandSet::help() const {
  std::vector<const Command*> shown;
  for (const Command& command : commands_) {
    if (!command.is_hidden) shown.push_back(&command);
  }
  return "usage: " + program_ + " COMMAND [OPTIONS]\n\ncommands:\n" + summaries_text(shown) +
         "\noptions of every command:\n" + options_text(common_) + "\n`" + program_ +
         " COMMAND --help` tells more.\n";
}

std::string CommandSet::help_of(const Command& command) const {
  std::string usage = "usage: " + program_ + " " + command.words;
  if (command.takes_raw_words) {
    usage += command.usage.empty() ? "" : " " + command.usage;
  } else {
    usage += command.positional.empty() ? "" : " " + command.positional;
    usage += " [OPTIONS]";
  }
  std::string text = usage + "\n\n" + command.summary + "\n";
  if (!command.options.empty()) text += "\noptions:\n" + options_text(command.options);
  return text + "\noptions of every command:\n" + options_text(common_);
}

int CommandSet::run(const std::vector<std::string>& words, std::ostream& out,
                    std::ostream& error) const {
  Output plain(out, error, false);
  try {
    const CommandSearch search(commands_, common_, words);
    if (search.command == nullptr) return answer_without_command(search, words, out, error);
    const Command& command = *search.command;
    if (asks_for_help(words)) {
      out << help_of(command) << std::flush;
      return kExitOk;
    }
    return run_command(command, search.rest, out, error);
  } catch (const UsageError& fault) {
    plain.complain(fault.what());
    return kExitUsage;
  }
}

int CommandSet::run_command(const Command& command, const std::vector<std::string>& rest,
                            std::ostream& out, std::ostream& error) const {
  try {
    std::vector<OptionSpec> options = command.options;
    for (const OptionSpec& option : common_) add_missing(options, option);
    const Arguments arguments = command.takes_raw_words ? Arguments::parse_known(rest, common_)
                                                        : Arguments::parse(rest, options);
    if (!command.takes_raw_words) check_positional(command, arguments);
    Output output(out, error, arguments.has(kJson.name));
    return command.run(arguments, output);
  } catch (const UsageError& fault) {
    throw UsageError(std::string(fault.what()) + "; see `" + program_ + " " + command.words +
                     " --help`");
  }
}

int CommandSet::answer_without_command(const CommandSearch& search,
                                       const std::vector<std::string>& words, std::ostream& out,
                                       std::ostream& error) const {
  const std::vector<const Command*> below = search.commands_below();
  if (search.words.empty() || (search.words.size() == 1 && search.words[0] == "help")) {
    const bool is_wanted = asks_for_help(words) || !search.words.empty();
    (is_wanted ? out : error) << help() << std::flush;
    return is_wanted ? kExitOk : kExitUsage;
  }
  if (!below.empty()) {
    const bool is_wanted = asks_for_help(words);
    (is_wanted ? out : error) << "usage: " << program_ << " " << search.joined()
                              << " ...\n\ncommands:\n"
                              << summaries_text(below) << std::flush;
    return is_wanted ? kExitOk : kExitUsage;
  }
  const std::string meant = search.nearest_words();
  const std::string way_out = meant.empty() ? "; `" + program_ + " --help` shows all commands"
                                            : "; did you mean " + program_ + " " + meant + "?";
  throw UsageError("unknown command " + search.joined() + way_out);
}

}  // namespace calixo::host
