// What a forger may try against an access token, and what a node restart must not break.
#include "access_token.hpp"

#include <gtest/gtest.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <boost/json.hpp>

#include "encoding.hpp"

namespace calixo::auth {
namespace {

constexpr std::int64_t kNow = 1'800'000'000;

std::vector<Es256Key> keys_from(const std::string& der) {
  std::vector<Es256Key> keys;
  keys.push_back(Es256Key::from_private_key_der(der));
  return keys;
}

class AccessToken : public testing::Test {
 protected:
  boost::json::object claims() const {
    return {{"iss", "calixo"},
            {"aud", "authenticated"},
            {"sub", "00000000-0000-4000-8000-000000000001"},
            {"role", "authenticated"},
            {"session_id", "00000000-0000-4000-8000-000000000002"},
            {"iat", kNow},
            {"exp", kNow + 3600},
            {"app_metadata", boost::json::object{{"role", "moderator"}}}};
  }
  std::string signed_with(const std::string& claim, boost::json::value value) const {
    auto all = claims();
    all[claim] = std::move(value);
    return tokens_.sign(boost::json::serialize(all));
  }
  TokenVerdict verdict(std::string_view token, std::int64_t now_s = kNow) const {
    VerifiedToken verified;
    return tokens_.verify(token, now_s, verified);
  }
  // A token with this header, over the true payload, signed by the true key.
  std::string with_header(const std::string& header) const {
    const std::string text = base64url(header) + "." + base64url(boost::json::serialize(claims()));
    return text + "." + base64url(Es256Key::from_private_key_der(der_).sign(text));
  }

  std::string der_ = Es256Key::generate().private_key_der();
  std::string kid_ = Es256Key::from_private_key_der(der_).kid();
  AccessTokens tokens_{keys_from(der_), {"calixo", 5}};
  std::string good_ = tokens_.sign(boost::json::serialize(claims()));
};

TEST_F(AccessToken, SaysWhatWasSigned) {
  VerifiedToken verified;
  ASSERT_EQ(tokens_.verify(good_, kNow, verified), TokenVerdict::valid);
  EXPECT_EQ(verified.user_id, "00000000-0000-4000-8000-000000000001");
  EXPECT_EQ(verified.session_id, "00000000-0000-4000-8000-000000000002");
  EXPECT_EQ(verified.role, "authenticated");
  EXPECT_EQ(verified.app_role, "moderator");
  EXPECT_EQ(verified.expires_at_s, kNow + 3600);
  EXPECT_EQ(verified.claims_json, boost::json::serialize(claims()));
}

TEST_F(AccessToken, IsTakenByAnotherNodeWithTheSameKey) {
  const AccessTokens other(keys_from(der_), {"calixo", 5});
  VerifiedToken verified;
  EXPECT_EQ(other.verify(good_, kNow, verified), TokenVerdict::valid);
}

TEST_F(AccessToken, IsRefusedUnderAnotherKey) {
  const AccessTokens other(keys_from(Es256Key::generate().private_key_der()), {"calixo", 5});
  VerifiedToken verified;
  EXPECT_EQ(other.verify(good_, kNow, verified), TokenVerdict::invalid);
}

TEST_F(AccessToken, IsTakenUnderAnOlderKeyAfterRotation) {
  auto keys = keys_from(Es256Key::generate().private_key_der());
  keys.push_back(Es256Key::from_private_key_der(der_));
  const AccessTokens rotated(std::move(keys), {"calixo", 5});
  VerifiedToken verified;
  EXPECT_EQ(rotated.verify(good_, kNow, verified), TokenVerdict::valid);
}

TEST_F(AccessToken, IsRefusedWithAnyOneCharacterChanged) {
  for (std::size_t at = 0; at < good_.size(); ++at) {
    std::string changed = good_;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(verdict(changed), TokenVerdict::invalid) << at;
  }
}

TEST_F(AccessToken, IsRefusedCutOffAnywhere) {
  for (std::size_t size = 0; size < good_.size(); ++size) {
    EXPECT_EQ(verdict(std::string_view(good_).substr(0, size)), TokenVerdict::invalid) << size;
  }
}

TEST_F(AccessToken, IsRefusedWithTrailingBytes) {
  for (const char* tail : {".", "=", "A", " ", "\n", ".A"}) {
    EXPECT_EQ(verdict(good_ + tail), TokenVerdict::invalid) << tail;
  }
}

TEST_F(AccessToken, ChoosesNoAlgorithmItself) {
  for (const char* algorithm : {"none", "None", "HS256", "ES384", "RS256", "es256", ""}) {
    const std::string header =
        R"({"alg":")" + std::string(algorithm) + R"(","kid":")" + kid_ + R"(","typ":"JWT"})";
    EXPECT_EQ(verdict(with_header(header)), TokenVerdict::invalid) << algorithm;
  }
}

TEST_F(AccessToken, IsRefusedUnsigned) {
  const std::string payload = base64url(boost::json::serialize(claims()));
  EXPECT_EQ(verdict(base64url(R"({"alg":"none"})") + "." + payload + "."), TokenVerdict::invalid);
}

TEST_F(AccessToken, IsRefusedWithHmacOverThePublicKey) {
  const Es256Key key = Es256Key::from_private_key_der(der_);
  const std::string text = base64url(R"({"alg":"HS256","kid":")" + kid_ + R"("})") + "." +
                           base64url(boost::json::serialize(claims()));
  for (const std::string& secret : {key.x() + key.y(), *from_base64url(key.x()), kid_}) {
    EXPECT_EQ(verdict(text + "." + base64url(hmac_sha256(secret, text))), TokenVerdict::invalid);
  }
}

TEST_F(AccessToken, NeedsAKnownKeyId) {
  EXPECT_EQ(verdict(with_header(R"({"alg":"ES256","typ":"JWT"})")), TokenVerdict::invalid);
  EXPECT_EQ(verdict(with_header(R"({"alg":"ES256","kid":"other"})")), TokenVerdict::invalid);
  EXPECT_EQ(verdict(with_header(R"({"alg":"ES256","kid":7})")), TokenVerdict::invalid);
}

TEST_F(AccessToken, RefusesCriticalExtensions) {
  EXPECT_EQ(verdict(with_header(R"({"alg":"ES256","crit":["b64"],"kid":")" + kid_ + R"("})")),
            TokenVerdict::invalid);
}

TEST_F(AccessToken, ExpiresAfterItsLeeway) {
  EXPECT_EQ(verdict(good_, kNow + 3600 + 4), TokenVerdict::valid);
  EXPECT_EQ(verdict(good_, kNow + 3600 + 5), TokenVerdict::expired);
}

TEST_F(AccessToken, IsRefusedBeforeItWasIssued) {
  EXPECT_EQ(verdict(good_, kNow - 5), TokenVerdict::valid);
  EXPECT_EQ(verdict(good_, kNow - 6), TokenVerdict::invalid);
}

TEST_F(AccessToken, IsRefusedForAnotherIssuerAudienceOrRole) {
  EXPECT_EQ(verdict(signed_with("iss", "elsewhere")), TokenVerdict::invalid);
  EXPECT_EQ(verdict(signed_with("aud", "storage")), TokenVerdict::invalid);
  EXPECT_EQ(verdict(signed_with("role", "postgres")), TokenVerdict::invalid);
  EXPECT_EQ(verdict(signed_with("sub", "")), TokenVerdict::invalid);
  EXPECT_EQ(verdict(signed_with("session_id", "")), TokenVerdict::invalid);
  EXPECT_EQ(verdict(signed_with("exp", nullptr)), TokenVerdict::invalid);
  EXPECT_EQ(verdict(signed_with("exp", "9999999999")), TokenVerdict::invalid);
}

TEST_F(AccessToken, IsRefusedBeyondItsSize) {
  EXPECT_EQ(verdict(signed_with("user_metadata", std::string(kTokenBytesMax, 'x').c_str())),
            TokenVerdict::invalid);
}

TEST_F(AccessToken, CarriesMetadataAsDeepAsTheBindingLetsIn) {
  boost::json::value nested = "core";
  for (int depth = 0; depth < 32; ++depth) nested = boost::json::object{{"in", nested}};
  EXPECT_EQ(verdict(signed_with("user_metadata", nested)), TokenVerdict::valid);
}

TEST_F(AccessToken, PublishesOnlyPublicHalves) {
  const auto keys = boost::json::parse(tokens_.jwks_json()).at("keys").as_array();
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(keys[0].at("kid"), kid_.c_str());
  EXPECT_EQ(keys[0].at("crv"), "P-256");
  EXPECT_EQ(from_base64url(keys[0].at("x").as_string())->size(), 32u);
  EXPECT_FALSE(keys[0].as_object().contains("d"));
}

TEST(Es256Key, RefusesAnotherCurve) {
  EVP_PKEY* other = EVP_EC_gen("P-384");
  unsigned char* der = nullptr;
  const int size = i2d_PrivateKey(other, &der);
  EXPECT_THROW(Es256Key::from_private_key_der(
                   std::string_view(reinterpret_cast<char*>(der), static_cast<std::size_t>(size))),
               std::runtime_error);
  EXPECT_THROW(Es256Key::from_private_key_der("no key"), std::runtime_error);
  OPENSSL_free(der);
  EVP_PKEY_free(other);
}

TEST(Es256Key, RefusesASignatureOfAnotherLength) {
  const Es256Key key = Es256Key::generate();
  const std::string signature = key.sign("text");
  EXPECT_TRUE(key.verifies("text", signature));
  EXPECT_FALSE(key.verifies("other", signature));
  EXPECT_FALSE(key.verifies("text", signature + "x"));
  EXPECT_FALSE(key.verifies("text", ""));
  EXPECT_FALSE(key.verifies("text", std::string(64, '\0')));
}

}  // namespace
}  // namespace calixo::auth
