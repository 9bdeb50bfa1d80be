// The public keys that a provider signs with (RFC 7517): RS256 and ES256, and nothing else.
// Immutable after construction. [any-thread]
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

typedef struct evp_pkey_st EVP_PKEY;

namespace calixo::auth {

class JsonWebKey {
 public:
  const std::string& kid() const { return kid_; }
  const std::string& algorithm() const { return algorithm_; }  // "RS256" or "ES256"

  // signature: as JWS has it, r and s side by side for ES256.
  bool verifies(std::string_view message, std::string_view signature) const;

 private:
  friend std::vector<JsonWebKey> read_key_set(std::string_view json);
  std::string kid_;
  std::string algorithm_;
  std::shared_ptr<EVP_PKEY> key_;
};

// The keys of a set that can be used; others (encryption, other algorithms, RSA below 2048 bits)
// are left out, and so is what is beyond the first 64. Never throws on hostile input.
std::vector<JsonWebKey> read_key_set(std::string_view json);

}  // namespace calixo::auth
