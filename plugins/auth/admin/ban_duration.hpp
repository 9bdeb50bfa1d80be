// How long a ban lasts, as clients and operators write it.
// Pure functions. [any-thread]
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace calixo::auth {

// "24h", "1h30m", "45s" as seconds, "none" as 0; nothing where it is no such text, or longer than
// a thousand years. A ban takes effect in whole seconds.
std::optional<std::int64_t> ban_seconds(std::string_view text);

}  // namespace calixo::auth
