#include "json_web_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <boost/json/parse.hpp>
#include <optional>

#include "encoding.hpp"

namespace calixo::auth {
namespace {

namespace json = boost::json;

constexpr std::size_t kKeysMax = 64;
constexpr int kRsaBitsMin = 2048;
constexpr int kRsaBitsMax = 8192;
constexpr std::size_t kCoordinateBytes = 32;

template <auto free>
struct Freed {
  template <class T>
  void operator()(T* thing) const {
    free(thing);
  }
};
template <class T, auto free>
using Owned = std::unique_ptr<T, Freed<free>>;
using Number = Owned<BIGNUM, BN_free>;
using Builder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Parameters = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using KeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using Signature = Owned<ECDSA_SIG, ECDSA_SIG_free>;

const unsigned char* unsigned_data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

std::string text_of(const json::object& of, std::string_view name) {
  const json::value* value = of.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || !value->is_string()) return {};
  return std::string(value->get_string().data(), value->get_string().size());
}

Number number_of(const std::string& base64) {
  const auto bytes = from_base64url(base64);
  if (!bytes || bytes->empty()) return nullptr;
  return Number(BN_bin2bn(unsigned_data(*bytes), static_cast<int>(bytes->size()), nullptr));
}

std::shared_ptr<EVP_PKEY> made_of(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return {key, EVP_PKEY_free};
}

std::shared_ptr<EVP_PKEY> rsa_key(const json::object& of) {
  const Number modulus = number_of(text_of(of, "n"));
  const Number exponent = number_of(text_of(of, "e"));
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!modulus || !exponent || !builder || BN_num_bits(modulus.get()) < kRsaBitsMin ||
      BN_num_bits(modulus.get()) > kRsaBitsMax || BN_num_bits(exponent.get()) > 64 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
    return nullptr;
  }
  return made_of("RSA", builder.get());
}

std::shared_ptr<EVP_PKEY> p256_key(const json::object& of) {
  const auto x = from_base64url(text_of(of, "x"));
  const auto y = from_base64url(text_of(of, "y"));
  const Builder builder(OSSL_PARAM_BLD_new());
  if (text_of(of, "crv") != "P-256" || !x || !y || x->size() != kCoordinateBytes ||
      y->size() != kCoordinateBytes || !builder) {
    return nullptr;
  }
  const std::string point = "\x04" + *x + *y;
  if (OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return nullptr;
  }
  return made_of("EC", builder.get());
}

// ECDSA's DER from the two numbers of JWS.
std::optional<std::string> as_der(std::string_view signature) {
  if (signature.size() != 2 * kCoordinateBytes) return std::nullopt;
  const Signature numbers(ECDSA_SIG_new());
  Number r(BN_bin2bn(unsigned_data(signature), kCoordinateBytes, nullptr));
  Number s(BN_bin2bn(unsigned_data(signature) + kCoordinateBytes, kCoordinateBytes, nullptr));
  if (!numbers || !r || !s) return std::nullopt;
  ECDSA_SIG_set0(numbers.get(), r.release(), s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(numbers.get(), &der);
  if (size <= 0) return std::nullopt;
  std::string text(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

}  // namespace

bool JsonWebKey::verifies(std::string_view message, std::string_view signature) const {
  const bool is_ecdsa = algorithm_ == "ES256";
  const auto der = is_ecdsa ? as_der(signature) : std::string(signature);
  const DigestContext context(EVP_MD_CTX_new());
  return der && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), unsigned_data(*der), der->size(), unsigned_data(message),
                          message.size()) == 1;
}

std::vector<JsonWebKey> read_key_set(std::string_view text) {
  std::vector<JsonWebKey> keys;
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  const json::value* list =
      !error && parsed.is_object() ? parsed.get_object().if_contains("keys") : nullptr;
  if (list == nullptr || !list->is_array()) return keys;
  for (const json::value& one : list->get_array()) {
    if (keys.size() == kKeysMax) break;
    if (!one.is_object()) continue;
    const json::object& of = one.get_object();
    if (const std::string use = text_of(of, "use"); !use.empty() && use != "sig") continue;
    JsonWebKey key;
    key.kid_ = text_of(of, "kid");
    key.algorithm_ = text_of(of, "kty") == "RSA" ? "RS256" : "ES256";
    if (const std::string alg = text_of(of, "alg"); !alg.empty() && alg != key.algorithm_) continue;
    key.key_ = text_of(of, "kty") == "RSA"  ? rsa_key(of)
               : text_of(of, "kty") == "EC" ? p256_key(of)
                                            : nullptr;
    if (key.key_) keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace calixo::auth
