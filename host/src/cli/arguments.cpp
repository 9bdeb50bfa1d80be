#include "cli/arguments.hpp"

#include <algorithm>

#include "config/nearest.hpp"

namespace calixo::host {
namespace {

constexpr std::string_view kEnd = "--";  // of options

// "-" is a common name for standard input, "-1" a number.
bool is_option(std::string_view word) {
  return word.size() > 1 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9');
}

std::string_view name_of(std::string_view word) {
  word = word.substr(0, word.find('='));
  return word.substr(std::min(word.find_first_not_of('-'), word.size()));
}

[[noreturn]] void refuse_unknown(std::string_view word, const std::vector<OptionSpec>& options) {
  std::vector<std::string> known;
  known.reserve(options.size());
  for (const OptionSpec& option : options) known.push_back(option.name);
  const std::string meant = nearest(name_of(word), known);
  throw UsageError("unknown option " + std::string(word.substr(0, word.find('='))) +
                   (meant.empty() ? "" : "; did you mean --" + meant + "?"));
}

}  // namespace

bool Arguments::take(const std::vector<std::string>& words, std::size_t& index,
                     const std::vector<OptionSpec>& options) {
  const std::string& word = words[index];
  if (!word.starts_with("--")) return false;
  const auto found = std::find_if(options.begin(), options.end(), [&](const OptionSpec& option) {
    return option.name == name_of(word);
  });
  if (found == options.end()) return false;
  const std::size_t equals = word.find('=');
  std::string given;
  if (found->value_name.empty()) {
    if (equals != std::string::npos) throw UsageError("--" + found->name + " takes no value");
  } else if (equals != std::string::npos) {
    given = word.substr(equals + 1);
  } else if (index + 1 < words.size() && !is_option(words[index + 1])) {
    given = words[++index];
  } else {
    throw UsageError("--" + found->name + " needs a value: --" + found->name + " " +
                     found->value_name);
  }
  options_[found->name].push_back(std::move(given));
  return true;
}

Arguments Arguments::parse(const std::vector<std::string>& words,
                           const std::vector<OptionSpec>& options) {
  Arguments parsed;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == kEnd) {
      parsed.positional_.insert(parsed.positional_.end(), words.begin() + i + 1, words.end());
      break;
    }
    if (!is_option(words[i])) {
      parsed.positional_.push_back(words[i]);
    } else if (!parsed.take(words, i, options)) {
      refuse_unknown(words[i], options);
    }
  }
  return parsed;
}

Arguments Arguments::parse_known(const std::vector<std::string>& words,
                                 const std::vector<OptionSpec>& options) {
  Arguments parsed;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == kEnd) {
      parsed.positional_.insert(parsed.positional_.end(), words.begin() + i, words.end());
      break;
    }
    if (!parsed.take(words, i, options)) parsed.positional_.push_back(words[i]);
  }
  return parsed;
}

bool Arguments::has(std::string_view option) const { return options_.count(option) != 0; }

std::optional<std::string> Arguments::value(std::string_view option) const {
  const auto found = options_.find(option);
  if (found == options_.end()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::values(std::string_view option) const {
  const auto found = options_.find(option);
  return found == options_.end() ? std::vector<std::string>() : found->second;
}

}  // namespace calixo::host
