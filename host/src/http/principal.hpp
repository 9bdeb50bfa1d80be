// Who calls: the verified identity behind a request. A value, shared between requests by the cache.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace calixo::host {

// The bits of CALIXO_ROLE_*.
using RoleSet = std::uint32_t;

struct Principal {
  RoleSet roles = 1;  // anonymous
  std::string user_id;
  std::string session_id;
  std::string claims_json = R"({"role":"anon"})";
  std::int64_t expires_at_s = 0;  // Unix seconds; 0: never
};

enum class TokenStatus { valid, invalid, expired, revoked };

// Turns a bearer token into a principal; what stands behind it, this room does not know.
class TokenVerifier {
 public:
  virtual ~TokenVerifier() = default;
  virtual TokenStatus verify(std::string_view token, Principal& principal) = 0;  // [loop]
};

}  // namespace calixo::host
