// Strong entity tags: a 128-bit hash of the body, and the coding it is sent in. [any-thread]
#pragma once

#include <string>
#include <string_view>

#include "http/negotiation.hpp"

namespace calixo::host {

// With its quotes: "\"3f…-br\"".
std::string entity_tag(std::string_view body, ContentCoding coding);

// Whether the If-None-Match fields name the tag or "*" (weak comparison, RFC 9110, 13.1.2).
bool names_entity_tag(const RequestHead& head, std::string_view tag);

}  // namespace calixo::host
