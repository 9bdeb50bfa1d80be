// What a forger may try against an ID token, and which keys of a provider are taken.
#include "oauth/id_token.hpp"

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <boost/json.hpp>

#include "encoding.hpp"
#include "es256_key.hpp"
#include "oauth/provider_person.hpp"

namespace calixo::auth {
namespace {

namespace json = boost::json;

constexpr std::int64_t kNow = 1'800'000'000;

// An RSA key that signs as RS256.
class RsaKey {
 public:
  explicit RsaKey(unsigned bits = 2048) : key_(EVP_RSA_gen(bits)) {}
  ~RsaKey() { EVP_PKEY_free(key_); }
  RsaKey(const RsaKey&) = delete;
  RsaKey& operator=(const RsaKey&) = delete;

  json::object jwk() const {
    return {{"kty", "RSA"}, {"kid", "rsa"}, {"n", number("n")}, {"e", number("e")}};
  }
  std::string sign(const std::string& text) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    std::size_t size = 1024;
    std::string signature(size, '\0');
    EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key_);
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    EVP_MD_CTX_free(context);
    return signature.substr(0, size);
  }

 private:
  std::string number(const char* name) const {
    BIGNUM* value = nullptr;
    EVP_PKEY_get_bn_param(key_, name, &value);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
    BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
    BN_free(value);
    return base64url(bytes);
  }
  EVP_PKEY* key_;
};

std::vector<JsonWebKey> key_set(std::initializer_list<json::value> keys) {
  json::array list;
  for (const json::value& key : keys) list.push_back(key);
  json::object set;
  set["keys"] = std::move(list);
  return read_key_set(json::serialize(set));
}

class IdTokens : public testing::Test {
 protected:
  IdTokens() {
    expected_.issuers = {"https://issuer.example"};
    expected_.audiences = {"client"};
    expected_.now_s = kNow;
    expected_.leeway_s = 5;
    expected_.nonce = "nonce";
  }
  json::object claims() const {
    return {{"iss", "https://issuer.example"},
            {"aud", "client"},
            {"sub", "42"},
            {"iat", kNow},
            {"exp", kNow + 60},
            {"nonce", "nonce"}};
  }
  std::string signed_by_rsa(const json::object& of,
                            const std::string& header = R"({"alg":"RS256","kid":"rsa"})") const {
    const std::string text = base64url(header) + "." + base64url(json::serialize(of));
    return text + "." + base64url(rsa_.sign(text));
  }
  IdTokenFault fault(const std::string& token) const {
    return read_id_token(token, keys_, expected_).fault;
  }
  IdTokenFault fault_with(const std::string& claim, const json::value& value) const {
    json::object all = claims();
    all[claim] = value;
    return fault(signed_by_rsa(all));
  }
  IdTokenFault fault_without(const std::string& claim) const {
    json::object all = claims();
    all.erase(claim);
    return fault(signed_by_rsa(all));
  }

  RsaKey rsa_;
  Es256Key ec_ = Es256Key::generate();
  json::object ec_jwk_{
      {"kty", "EC"}, {"crv", "P-256"}, {"kid", "ec"}, {"x", ec_.x()}, {"y", ec_.y()}};
  std::vector<JsonWebKey> keys_ = key_set({rsa_.jwk(), ec_jwk_});
  IdTokenExpectation expected_;
};

TEST_F(IdTokens, AreTakenOfBothAlgorithms) {
  EXPECT_EQ(fault(signed_by_rsa(claims())), IdTokenFault::none);
  const std::string text =
      base64url(R"({"alg":"ES256","kid":"ec"})") + "." + base64url(json::serialize(claims()));
  EXPECT_EQ(fault(text + "." + base64url(ec_.sign(text))), IdTokenFault::none);
}

TEST_F(IdTokens, OfOtherAlgorithmsAreRefused) {
  for (const char* algorithm : {"none", "HS256", "RS384", "PS256", "rs256", ""}) {
    const std::string header = R"({"kid":"rsa","alg":")" + std::string(algorithm) + "\"}";
    EXPECT_EQ(fault(signed_by_rsa(claims(), header)), IdTokenFault::malformed) << algorithm;
  }
  // The EC key's name does not make an RSA signature one of it.
  EXPECT_EQ(fault(signed_by_rsa(claims(), R"({"alg":"ES256","kid":"ec"})")),
            IdTokenFault::bad_signature);
  EXPECT_EQ(fault(signed_by_rsa(claims(), R"({"alg":"RS256","kid":"ec"})")),
            IdTokenFault::unknown_key);
  EXPECT_EQ(fault(signed_by_rsa(claims(), R"({"alg":"RS256","kid":"rsa","crit":["x"]})")),
            IdTokenFault::malformed);
}

TEST_F(IdTokens, OfAnotherKeyAreRefused) {
  const RsaKey other;
  const std::string text =
      base64url(R"({"alg":"RS256","kid":"rsa"})") + "." + base64url(json::serialize(claims()));
  EXPECT_EQ(fault(text + "." + base64url(other.sign(text))), IdTokenFault::bad_signature);
}

TEST_F(IdTokens, AreHeldAgainstWhatWasAsked) {
  EXPECT_EQ(fault_with("iss", "https://issuer.example.evil"), IdTokenFault::wrong_issuer);
  EXPECT_EQ(fault_with("aud", "other"), IdTokenFault::wrong_audience);
  EXPECT_EQ(fault_with("aud", json::array{"client", "other"}), IdTokenFault::wrong_audience);
  EXPECT_EQ(fault_with("aud", json::array{"client"}), IdTokenFault::none);
  EXPECT_EQ(fault_with("azp", "other"), IdTokenFault::none);  // said only of several audiences
  EXPECT_EQ(fault_with("exp", kNow - 5), IdTokenFault::expired);
  EXPECT_EQ(fault_with("exp", "tomorrow"), IdTokenFault::expired);
  EXPECT_EQ(fault_with("iat", kNow + 60), IdTokenFault::not_yet_valid);
  EXPECT_EQ(fault_with("nonce", "other"), IdTokenFault::wrong_nonce);
  EXPECT_EQ(fault_with("sub", ""), IdTokenFault::malformed);
  for (const char* claim : {"iss", "aud", "exp", "iat", "nonce", "sub"}) {
    EXPECT_NE(fault_without(claim), IdTokenFault::none) << claim;
  }
}

TEST_F(IdTokens, WithANonceNeedOneShown) {
  expected_.nonce = std::nullopt;
  EXPECT_EQ(fault(signed_by_rsa(claims())), IdTokenFault::wrong_nonce);
  EXPECT_EQ(fault_without("nonce"), IdTokenFault::none);
}

TEST_F(IdTokens, AreBoundToTheAccessTokenTheyCameWith) {
  expected_.access_token = "access";
  EXPECT_EQ(fault(signed_by_rsa(claims())), IdTokenFault::none);
  EXPECT_EQ(fault_with("at_hash", json::value(base64url(sha256("access").substr(0, 16)))),
            IdTokenFault::none);
  EXPECT_EQ(fault_with("at_hash", json::value(base64url(sha256("other").substr(0, 16)))),
            IdTokenFault::wrong_access_token);
}

TEST_F(IdTokens, ThatAreNoneAreRefused) {
  for (const std::string& token :
       {std::string(), std::string("."), std::string(".."), std::string("a.b.c"),
        std::string("a.b.c.d"), std::string(20'000, 'a'), signed_by_rsa(claims()) + "."}) {
    EXPECT_EQ(fault(token), IdTokenFault::malformed);
  }
}

TEST(KeySet, LeavesOutWhatItCannotUse) {
  const RsaKey small(1024);
  const RsaKey good;
  json::object encrypting = good.jwk();
  encrypting["use"] = "enc";
  json::object other = good.jwk();
  other["alg"] = "RS512";
  const json::object symmetric{{"kty", "oct"}, {"k", "c2VjcmV0"}};
  const json::object off_curve{{"kty", "EC"},
                               {"crv", "P-256"},
                               {"x", base64url(std::string(32, 'x'))},
                               {"y", base64url(std::string(32, 'y'))}};
  EXPECT_EQ(key_set({small.jwk(), encrypting, other, symmetric, off_curve, 7}).size(), 0u);
  EXPECT_EQ(key_set({good.jwk()}).size(), 1u);
  for (const char* text : {"", "[]", "{}", R"({"keys":7})", R"({"keys":[{}]})"}) {
    EXPECT_TRUE(read_key_set(text).empty()) << text;
  }
}

TEST(ProviderPersons, AreReadWithCare) {
  const ProviderPerson person = person_of_claims(
      "oidc",
      {{"sub", "42"}, {"email", "Ana@Example.org"}, {"email_verified", "true"}, {"name", "Ana\n"}});
  EXPECT_EQ(person.email, "ana@example.org");
  EXPECT_TRUE(person.is_email_verified);
  EXPECT_EQ(person.name, "");
  const ProviderPerson bare = person_of_claims("oidc", {{"sub", 42}, {"email_verified", true}});
  EXPECT_EQ(bare.subject, "");
  EXPECT_FALSE(bare.is_email_verified);
}

}  // namespace
}  // namespace calixo::auth
