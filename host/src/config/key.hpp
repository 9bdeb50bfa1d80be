// What is known of one configuration key: registered by the host or a plugin, before values are
// read.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace calixo::host {

enum class KeyType { boolean, integer, real, text };

struct Key {
  // "http.request_deadline_ms": plugin or room first, unit last. One segment may be "*", which
  // stands for any name: "plugins.*.required".
  std::string name;
  KeyType type = KeyType::text;
  std::string owner;  // "host" or a plugin's id
  std::string default_value;
  std::string description;
  std::optional<double> min, max;    // numbers: inclusive; text: length in bytes
  std::vector<std::string> choices;  // text only; empty: any
  bool secret = false;               // never shown, never logged
  bool is_public = false;            // served by GET /api/config
  bool runtime = false;              // lives in the config table
  bool required = false;             // no default
  std::string default_shown;  // what the reference says where the default depends on the machine
};

}  // namespace calixo::host
