#include "cli/command_search.hpp"

#include <algorithm>

#include "config/nearest.hpp"

namespace calixo::host {
namespace {

std::vector<std::string> split(const std::string& words) {
  std::vector<std::string> all;
  for (std::size_t begin = 0; begin < words.size();) {
    const std::size_t end = std::min(words.find(' ', begin), words.size());
    if (end > begin) all.push_back(words.substr(begin, end - begin));
    begin = end + 1;
  }
  return all;
}

std::string join(const std::vector<std::string>& words, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < std::min(count, words.size()); ++i) {
    text += (i == 0 ? "" : " ") + words[i];
  }
  return text;
}

bool begins_with(const std::vector<std::string>& words, const std::vector<std::string>& first) {
  return words.size() >= first.size() && std::equal(first.begin(), first.end(), words.begin());
}

// Whether the word is an option of the set that takes the next word.
bool takes_next_word(const std::string& word, const std::vector<OptionSpec>& common) {
  return std::any_of(common.begin(), common.end(), [&](const OptionSpec& option) {
    return !option.value_name.empty() && word == "--" + option.name;
  });
}

// The places of the words that may name a command: up to "--" or an option that isn't the set's,
// for that one's value can't be told from a word.
std::vector<std::size_t> word_places(const std::vector<std::string>& line,
                                     const std::vector<OptionSpec>& common) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < line.size() && line[i] != "--"; ++i) {
    if (!line[i].starts_with('-')) {
      places.push_back(i);
      continue;
    }
    const bool is_common = std::any_of(common.begin(), common.end(), [&](const auto& option) {
      return line[i] == "--" + option.name || line[i].starts_with("--" + option.name + "=");
    });
    if (!is_common && line[i] != "-h") break;
    if (takes_next_word(line[i], common)) ++i;
  }
  return places;
}

}  // namespace

CommandSearch::CommandSearch(const std::vector<Command>& among,
                             const std::vector<OptionSpec>& common,
                             const std::vector<std::string>& line)
    : commands(among), rest(line) {
  const std::vector<std::size_t> places = word_places(line, common);
  for (const std::size_t place : places) words.push_back(line[place]);
  std::size_t best = 0;
  for (const Command& candidate : commands) {
    const std::vector<std::string> own = split(candidate.words);
    if (own.size() <= best || !begins_with(words, own)) continue;
    best = own.size();
    command = &candidate;
  }
  for (std::size_t i = best; i-- > 0;) {
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(places[i]));
  }
}

std::vector<const Command*> CommandSearch::commands_below() const {
  std::vector<const Command*> all;
  for (const Command& candidate : commands) {
    if (!candidate.is_hidden && begins_with(split(candidate.words), words)) {
      all.push_back(&candidate);
    }
  }
  return all;
}

std::string CommandSearch::nearest_words() const {
  std::string best;
  std::size_t best_distance = 0;
  for (const Command& candidate : commands) {
    if (candidate.is_hidden) continue;
    const std::string typed = join(words, split(candidate.words).size());
    if (nearest(typed, {candidate.words}).empty()) continue;
    const std::size_t distance = edit_distance(typed, candidate.words);
    if (!best.empty() && distance >= best_distance) continue;
    best = candidate.words;
    best_distance = distance;
  }
  return best;
}

std::size_t CommandSearch::command_word_count() const { return split(command->words).size(); }

std::string CommandSearch::joined() const { return join(words, words.size()); }

}  // namespace calixo::host
