// The words that a supervisor starts its worker with, written and read here.
#pragma once

#include <string>
#include <vector>

#include "app/installation.hpp"
#include "app/left_out.hpp"
#include "cli/arguments.hpp"

namespace calixo::host {

std::vector<std::string> worker_arguments(const Sources& sources, const PluginHistory& history);

// The options of the command `worker` that carry a history.
std::vector<OptionSpec> history_options();
// Throws UsageError for a malformed one.
PluginHistory history_of(const Arguments& arguments);

}  // namespace calixo::host
