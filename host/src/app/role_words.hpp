// Who may call a route, for people.
#pragma once

#include <string>

#include "http/principal.hpp"

namespace calixo::host {

// "everybody", or "user premium".
std::string role_words(RoleSet roles);

}  // namespace calixo::host
