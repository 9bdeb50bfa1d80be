// The worker process: engine, HTTP server and the server's own routes on an inherited socket.
#pragma once

#include <string>

#include "app/installation.hpp"

namespace calixo::host {

struct WorkerDescriptors {
  int listening = -1;  // bound and listening
  int report = -1;     // notices and "ready" go here, a line each
};

// Serves until SIGTERM or SIGINT. The process's exit status; what keeps it from starting goes to
// standard error with the way out.
int run_worker(const Sources& sources, const WorkerDescriptors& descriptors);

}  // namespace calixo::host
