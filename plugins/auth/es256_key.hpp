// A P-256 key pair that signs and verifies as JWS ES256 (RFC 7518 section 3.4).
// Immutable after construction. [any-thread]
#pragma once

#include <memory>
#include <string>
#include <string_view>

typedef struct evp_pkey_st EVP_PKEY;

namespace calixo::auth {

// Throws std::runtime_error where OpenSSL refuses.
class Es256Key {
 public:
  static Es256Key generate();
  // From PKCS #8 DER, as private_key_der() gives. Refuses any other curve.
  static Es256Key from_private_key_der(std::string_view der);

  std::string private_key_der() const;

  // RFC 7638 thumbprint of the public key: equal keys have equal ids.
  const std::string& kid() const { return kid_; }
  // Coordinates as a JWK holds them: 32 bytes each, base64url.
  const std::string& x() const { return x_; }
  const std::string& y() const { return y_; }

  // R and S, 32 bytes each.
  std::string sign(std::string_view message) const;
  bool verifies(std::string_view message, std::string_view signature) const;

 private:
  struct KeyDeleter {
    void operator()(EVP_PKEY* key) const;
  };
  using KeyPointer = std::unique_ptr<EVP_PKEY, KeyDeleter>;

  explicit Es256Key(KeyPointer key);

  KeyPointer key_;
  std::string kid_;
  std::string x_;
  std::string y_;
};

}  // namespace calixo::auth
