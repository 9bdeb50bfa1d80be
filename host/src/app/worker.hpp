// The worker process: engine, HTTP server and the server's own routes on an inherited socket.
#pragma once

#include <string>

#include "app/installation.hpp"
#include "app/left_out.hpp"

namespace calixo::host {

struct WorkerOptions {
  int listening = -1;  // bound and listening
  int report = -1;     // what worker_told.hpp says goes here
  PluginHistory history;
};

// Serves until SIGTERM or SIGINT. The process's exit status; what keeps it from starting goes to
// standard error, and to the supervisor, with the way out.
int run_worker(const Sources& sources, const WorkerOptions& options);

}  // namespace calixo::host
