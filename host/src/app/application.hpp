// The process: command line, then one command. Poco's ServerApplication is its frame.
#pragma once

namespace calixo::host {

// What main returns.
int run_application(int argc, char** argv);

}  // namespace calixo::host
