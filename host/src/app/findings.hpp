// One thing looked at by `check` or `doctor`, and what was found.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"

namespace calixo::host {

struct Finding {
  std::string area;  // "configuration", "plugin store", "database"
  bool is_sound = true;
  std::string message;  // what is there; where not sound, the way out as well
};

// Prints them as a table; kExitProblem where one is not sound.
int report_findings(const std::vector<Finding>& findings, Output& output);

}  // namespace calixo::host
