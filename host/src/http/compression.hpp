// Compresses whole bodies. Costs CPU time in proportion to the body. [any-thread]
#pragma once

#include <string>
#include <string_view>

#include "http/negotiation.hpp"

namespace calixo::host {

// Empty where the coder failed (out of memory) or the coding is identity.
std::string compress(std::string_view body, ContentCoding coding);

}  // namespace calixo::host
