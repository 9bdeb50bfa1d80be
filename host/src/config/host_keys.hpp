// The server's own keys; plugins register theirs when they are loaded.
#pragma once

#include "config/configuration.hpp"

namespace calixo::host {

void add_host_keys(Configuration& configuration);  // [startup]

}  // namespace calixo::host
