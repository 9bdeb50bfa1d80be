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
  // CALIXO_ROLE_*.
  std::uint32_t bits = 0;
  // The roles of both.
  constexpr Roles operator|(Roles other) const { return {bits | other.bits}; }
  // The same set.
  constexpr bool operator==(const Roles&) const = default;
};

namespace Role {
inline constexpr Roles anonymous{CALIXO_ROLE_ANONYMOUS};  // without a token
inline constexpr Roles user{CALIXO_ROLE_USER};            // whoever has signed in
// With an active subscription; may do what a user may.
inline constexpr Roles premium{CALIXO_ROLE_PREMIUM};
inline constexpr Roles moderator{CALIXO_ROLE_MODERATOR};  // may do what a user may
inline constexpr Roles admin{CALIXO_ROLE_ADMIN};          // may do what a moderator may
inline constexpr Roles service{CALIXO_ROLE_SERVICE};      // another program, with the service key
}  // namespace Role

struct Reply {
  // 200 to 599.
  int status = 200;
  // Beside Content-Type and Content-Length.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type = "application/json";  // media type of the body
  std::string body;                               // as it is sent
};

}  // namespace calixo
