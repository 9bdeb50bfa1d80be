#include "admin/words.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace calixo::auth {
namespace {

constexpr int kExitUsage = 64;  // EX_USAGE of sysexits.h

std::string sentence_of(const Problem& problem) {
  if (problem.code() == "user_not_found") return "There is no such account.";
  if (problem.code() == "last_administrator") {
    return "This account is the last that administers the server: appoint another one first "
           "(calixo users grant).";
  }
  return "Refused: " + problem.code() + ".";
}

// Cells count as many columns as they have code points.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

Words::Words(const std::vector<std::string>& given, const std::set<std::string>& flags,
             const std::set<std::string>& options) {
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string& word = given[i];
    const auto equals = word.find('=');
    if (!word.starts_with("--")) {
      rest_.push_back(word);
    } else if (flags.count(word) != 0) {
      flags_.insert(word);
    } else if (equals != std::string::npos && options.count(word.substr(0, equals)) != 0) {
      values_[word.substr(0, equals)] = word.substr(equals + 1);
    } else if (options.count(word) != 0 && i + 1 < given.size()) {
      values_[word] = given[++i];
    } else {
      throw std::invalid_argument("unknown word '" + word + "'");
    }
  }
}

std::optional<std::string> Words::value(const std::string& option) const {
  const auto found = values_.find(option);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::int64_t Words::number(const std::string& option, std::int64_t otherwise,
                           std::int64_t max) const {
  const auto text = value(option);
  if (!text) return otherwise;
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (fault != std::errc() || end != text->data() + text->size() || number < 1 || number > max) {
    throw std::invalid_argument(option + " takes a number from 1 to " + std::to_string(max));
  }
  return number;
}

std::vector<std::string> Words::exactly(const std::vector<std::string>& names) const {
  if (rest_.size() > names.size()) {
    throw std::invalid_argument("unknown word '" + rest_[names.size()] + "'");
  }
  if (rest_.size() < names.size()) {
    throw std::invalid_argument(names[rest_.size()] + " is missing");
  }
  return rest_;
}

int run_command(std::string_view usage, Output& out, const std::function<void()>& body) {
  try {
    body();
    return 0;
  } catch (const std::invalid_argument& mistake) {
    out.line(mistake.what());
    out.line("usage: calixo " + std::string(usage));
    return kExitUsage;
  } catch (const Problem& problem) {
    out.line(sentence_of(problem));
  } catch (const std::runtime_error& mistake) {
    out.line(mistake.what());
  }
  return 1;
}

std::string text_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line += std::string(widths[i] - width_of(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace calixo::auth
