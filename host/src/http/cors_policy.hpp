// Which web origins may call, and the fields that tell browsers so. Built at start. [any-thread]
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace calixo::host {

class CorsPolicy {
 public:
  explicit CorsPolicy(std::vector<std::string> origins);

  bool is_enabled() const { return any_ || !origins_.empty(); }
  bool admits(std::string_view origin) const;

  // Fields of an ordinary answer; with Vary: Origin wherever the answer depends on it. origin may
  // be empty. Appends lines to a response head.
  void append_fields(std::string& head, std::string_view origin) const;
  // Fields of the answer to a preflight from an admitted origin.
  void append_preflight_fields(std::string& head, std::string_view methods,
                               std::string_view wanted_headers) const;

 private:
  bool any_ = false;
  std::vector<std::string> origins_;
};

}  // namespace calixo::host
