// A check in a process of its own: started, listened to, ended where it is silent for too long.
// What the plugin does to that process becomes a finding.
#pragma once

#include <filesystem>
#include <vector>

#include "app/validate/check.hpp"

namespace calixo::host {

struct CheckOutcome {
  std::vector<CheckFinding> findings;
  std::string summary;
  boost::json::object facts;

  bool is_sound() const;  // warnings left aside
};

// Runs the check until it has ended; in a new process without the subject that ended the last one,
// a few times. `errors` receives what the processes write to standard error. Throws Interrupted.
CheckOutcome run_check(const Check& check, CheckInput input, const std::filesystem::path& errors);

}  // namespace calixo::host
