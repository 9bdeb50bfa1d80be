// The keys events.* as the dispatcher takes them.
#pragma once

#include "events/work.hpp"

namespace calixo::host {

class Configuration;

WorkOptions work_options(const Configuration& configuration);  // [any-thread]

}  // namespace calixo::host
