#include "es256_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <stdexcept>

#include "encoding.hpp"

namespace calixo::auth {
namespace {

constexpr int kCoordinateBytes = 32;

template <auto free>
struct Freed {
  template <class T>
  void operator()(T* thing) const {
    free(thing);
  }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;

[[noreturn]] void fail(const char* step) {
  throw std::runtime_error(std::string("ES256: OpenSSL refused to ") + step);
}

const unsigned char* unsigned_data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string padded(const BIGNUM* number) {
  std::string bytes(kCoordinateBytes, '\0');
  if (BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), kCoordinateBytes) < 0) {
    fail("write a number");
  }
  return bytes;
}

std::string coordinate(const EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) fail("read the public key");
  const Number owned(number);
  return base64url(padded(number));
}

}  // namespace

void Es256Key::KeyDeleter::operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }

Es256Key::Es256Key(KeyPointer key) : key_(std::move(key)) {
  char group[32] = {};
  std::size_t size = 0;
  if (EVP_PKEY_get_utf8_string_param(key_.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                     &size) != 1 ||
      std::string_view(group, size) != "prime256v1") {
    fail("take a key that is not on P-256");
  }
  x_ = coordinate(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X);
  y_ = coordinate(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y);
  kid_ = base64url(sha256(R"({"crv":"P-256","kty":"EC","x":")" + x_ + R"(","y":")" + y_ + R"("})"));
}

Es256Key Es256Key::generate() {
  KeyPointer key(EVP_EC_gen("P-256"));
  if (!key) fail("make a key");
  return Es256Key(std::move(key));
}

Es256Key Es256Key::from_private_key_der(std::string_view der) {
  const unsigned char* at = unsigned_data(der);
  KeyPointer key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
  if (!key) fail("read a private key");
  return Es256Key(std::move(key));
}

std::string Es256Key::private_key_der() const {
  const std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freed<PKCS8_PRIV_KEY_INFO_free>> info(
      EVP_PKEY2PKCS8(key_.get()));
  if (!info) fail("write a private key");
  const int size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), nullptr);
  if (size <= 0) fail("write a private key");
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* at = reinterpret_cast<unsigned char*>(der.data());
  i2d_PKCS8_PRIV_KEY_INFO(info.get(), &at);
  return der;
}

std::string Es256Key::sign(std::string_view message) const {
  const DigestContext context(EVP_MD_CTX_new());
  if (!context ||
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1) {
    fail("start a signature");
  }
  unsigned char der[80];
  std::size_t size = sizeof der;
  if (EVP_DigestSign(context.get(), der, &size, unsigned_data(message), message.size()) != 1) {
    fail("sign");
  }
  const unsigned char* at = der;
  const Signature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  if (!signature) fail("read its own signature");
  return padded(ECDSA_SIG_get0_r(signature.get())) + padded(ECDSA_SIG_get0_s(signature.get()));
}

bool Es256Key::verifies(std::string_view message, std::string_view signature) const {
  if (signature.size() != 2 * kCoordinateBytes) return false;
  const Signature numbers(ECDSA_SIG_new());
  Number r(BN_bin2bn(unsigned_data(signature), kCoordinateBytes, nullptr));
  Number s(BN_bin2bn(unsigned_data(signature) + kCoordinateBytes, kCoordinateBytes, nullptr));
  if (!numbers || !r || !s) return false;
  ECDSA_SIG_set0(numbers.get(), r.release(), s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(numbers.get(), &der);
  if (size <= 0) return false;
  const DigestContext context(EVP_MD_CTX_new());
  const bool is_valid =
      context &&
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
      EVP_DigestVerify(context.get(), der, static_cast<std::size_t>(size), unsigned_data(message),
                       message.size()) == 1;
  OPENSSL_free(der);
  return is_valid;
}

}  // namespace calixo::auth
