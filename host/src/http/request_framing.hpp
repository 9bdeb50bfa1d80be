// Decides from a head's fields what follows it: how long the body is, whether the connection stays,
// which host and path are meant. Everything ambiguous is refused (RFC 9112, sections 3.2 and 6).
#pragma once

#include "http/request_head.hpp"

namespace calixo::host {

// Fills framing, persistence, expectation, authority, path and query of a head whose fields stand.
ReadFault settle_framing(RequestHead& head);

}  // namespace calixo::host
