// A plugin that the supervisor has the worker start without: what is known of it. Plain values.
#pragma once

#include <string>
#include <vector>

namespace calixo::host {

struct LeftOut {
  std::string enabled_as;           // as plugins.enabled has it
  std::string id;                   // the same where its library never got to tell
  std::vector<std::string> routes;  // "GET /api/plank", as far as a worker told them
};

// What a worker is told of plugins' crashes.
struct PluginHistory {
  struct Crashes {
    std::string id;
    int within_a_minute = 0;  // before this worker's start
    int total = 0;            // since the server's start
  };
  std::vector<LeftOut> left_out;
  std::vector<Crashes> crashes;
};

}  // namespace calixo::host
