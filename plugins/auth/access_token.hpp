// Access tokens: JSON Web Tokens (RFC 7519) signed with ES256 and nothing else.
// Immutable after construction, so that every loop may verify at once. [any-thread]
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "es256_key.hpp"

namespace calixo::auth {

inline constexpr std::string_view kAudience = "authenticated";
inline constexpr std::size_t kTokenBytesMax = 12 * 1024;

// What a valid token says.
struct VerifiedToken {
  std::string claims_json;  // the signed payload, verbatim
  std::string user_id;      // sub; empty for a service token
  std::string session_id;
  std::string role;      // "authenticated" or "service_role"
  std::string app_role;  // app_metadata.role: "user", "premium", "moderator", "admin"
  std::int64_t expires_at_s = 0;
};

enum class TokenVerdict { valid, invalid, expired };

class AccessTokens {
 public:
  struct Options {
    std::string issuer;
    std::int64_t leeway_s = 0;  // how far two nodes' clocks may be apart
  };

  // The first key signs; each of them verifies.
  AccessTokens(std::vector<Es256Key> keys, Options options);

  // claims_json: an object that holds all claims, iss and aud among them.
  std::string sign(std::string_view claims_json) const;

  // Never throws on hostile input. `verified` is set where the answer is valid.
  TokenVerdict verify(std::string_view token, std::int64_t now_s, VerifiedToken& verified) const;

  // The public halves, as GET /.well-known/jwks.json answers (RFC 7517).
  const std::string& jwks_json() const { return jwks_json_; }
  const std::string& issuer() const { return options_.issuer; }

 private:
  const Es256Key* key_of(std::string_view header) const;
  bool read_claims(const std::string& payload, VerifiedToken& verified,
                   std::int64_t& not_before_s) const;

  std::vector<Es256Key> keys_;
  Options options_;
  std::string jwks_json_;
};

}  // namespace calixo::auth
