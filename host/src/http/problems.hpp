// The texts of problem codes by language, and RFC 9457 documents made of them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "http/route.hpp"

namespace calixo::host {

class ProblemCatalogue {
 public:
  static ProblemCatalogue& instance();  // filled at start, then read by all loops

  // [startup]
  void add(std::string_view code, std::string_view language, std::string_view text);
  // The text in the language, else English, else the code itself. [any-thread]
  std::string_view text(std::string_view code, std::string_view language) const;

 private:
  ProblemCatalogue();  // with the server's own codes in es and en
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> texts_;
};

// {"type":"about:blank","title":…,"status":…,"code":…,"message":…,"request_id":…,"errors":[…]}
std::string problem_document(const Problem& problem, std::string_view language,
                             std::string_view request_id);

}  // namespace calixo::host
