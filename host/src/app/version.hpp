// The server's version, from the build description.
#pragma once

namespace calixo::host {

inline constexpr const char* kVersion = CALIXO_VERSION;

}  // namespace calixo::host
