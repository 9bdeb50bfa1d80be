// Commands that a plugin adds to the operator's CLI.
#pragma once

#include <calixo/detail/abi.hpp>
#include <calixo/log.hpp>
#include <calixo/problem.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo {

// Standard output of a command. Used by the command alone.
class Output {
 public:
  // Made by the SDK.
  Output(void (*writer)(void* sink, calixo_str text), void* sink) : write_(writer), sink_(sink) {}
  // The text as it is.
  Output& write(std::string_view text) {
    write_(sink_, detail::to_abi(text));
    return *this;
  }
  // The text and a line end.
  Output& line(std::string_view text) { return write(std::string(text) + '\n'); }

 private:
  void (*write_)(void* sink, calixo_str text);
  void* sink_;
};

// arguments: those after the command's words. Answers the exit status; an exception is printed and
// is 1. [fiber, suspends]
using CommandBody = std::function<int(const std::vector<std::string>& arguments, Output& output)>;

namespace detail {

struct CommandRecord {
  const Host* host = nullptr;
  std::string words, summary, usage;
  CommandBody body;

  static int run(void* user, const calixo_str* arguments, std::size_t count,
                 void (*write)(void* sink, calixo_str text), void* sink) {
    auto& command = *static_cast<CommandRecord*>(user);
    try {
      Output output(write, sink);
      std::vector<std::string> words;
      for (std::size_t i = 0; i < count; ++i) words.emplace_back(view(arguments[i]));
      return command.run_body(words, output);
    } catch (...) {
      return 1;
    }
  }

  int run_body(const std::vector<std::string>& arguments, Output& output) {
    try {
      return body(arguments, output);
    } catch (const Problem& problem) {
      output.line("error: " + problem.code() +
                  (problem.message().empty() ? "" : ": " + problem.message()));
      for (const FieldError& error : problem.errors()) {
        output.line("  " + error.field + ": " + error.message);
      }
    } catch (const std::exception& exception) {
      output.line(std::string("error: ") + exception.what());
    }
    return 1;
  }
};

}  // namespace detail
}  // namespace calixo
