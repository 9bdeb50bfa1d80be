// Roles, and an answer made by hand where a described struct does not do.
// Values. [any-thread]
#pragma once

#include <calixo/abi/registry.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace calixo {

// A set of roles: Role::user | Role::admin.
struct Roles {
  std::uint32_t bits = 0;
  constexpr Roles operator|(Roles other) const { return {bits | other.bits}; }
  constexpr bool operator==(const Roles&) const = default;
};

namespace Role {
inline constexpr Roles anonymous{CALIXO_ROLE_ANONYMOUS};
inline constexpr Roles user{CALIXO_ROLE_USER};
inline constexpr Roles premium{CALIXO_ROLE_PREMIUM};
inline constexpr Roles moderator{CALIXO_ROLE_MODERATOR};
inline constexpr Roles admin{CALIXO_ROLE_ADMIN};
inline constexpr Roles service{CALIXO_ROLE_SERVICE};
}  // namespace Role

struct Reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type = "application/json";
  std::string body;
};

}  // namespace calixo
