// The options and words after a command's name.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::host {

struct OptionSpec {
  std::string name;        // "email": --email ADDRESS or --email=ADDRESS
  std::string value_name;  // "ADDRESS"; empty: a switch
  std::string description;
  bool is_repeatable = false;
};

// A command line that doesn't fit; what() names the word, the nearest known one, and --help.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Arguments {
 public:
  // Options may stand anywhere before "--"; a number such as -1 is no option. Throws UsageError.
  static Arguments parse(const std::vector<std::string>& words,
                         const std::vector<OptionSpec>& options);

  // Takes the given options; every other word, also unknown options and all from "--" on, becomes
  // positional, in its order: for words that another reads. Throws UsageError.
  static Arguments parse_known(const std::vector<std::string>& words,
                               const std::vector<OptionSpec>& options);

  bool has(std::string_view option) const;
  std::optional<std::string> value(std::string_view option) const;  // the last one given
  std::vector<std::string> values(std::string_view option) const;
  const std::vector<std::string>& positional() const { return positional_; }

 private:
  // Takes the option at words[index] and moves index to its last word. False: it is none of them.
  bool take(const std::vector<std::string>& words, std::size_t& index,
            const std::vector<OptionSpec>& options);

  std::map<std::string, std::vector<std::string>, std::less<>> options_;
  std::vector<std::string> positional_;
};

}  // namespace calixo::host
