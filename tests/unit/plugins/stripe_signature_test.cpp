// Which deliveries pass for Stripe's. The vectors were made with `openssl dgst -sha256 -hmac`.
#include "billing/signature.hpp"

#include <gtest/gtest.h>

#include <string>

namespace calixo::billing {
namespace {

const std::string kBody = "{\"id\":\"evt_1\",\r\n\"name\":\"Ñandú\"}";
const std::string kFirst = "8daf469beb355f97c8f1f3c59425e80d2f06036cdbf5757c0107e7b9d7ab8d69";
const std::string kSecond = "5976f82b2cabeb102485d0d9fdcf73f43cea486eca09a299aa55f92f781d518a";
const std::string kAnother(64, 'a');

SignatureFault check(const std::string& header, const std::string& body = kBody,
                     std::vector<std::string> secrets = {"whsec_first"},
                     std::int64_t now_s = 1'700'000'000) {
  return check_signature(header, body, {std::move(secrets), now_s, 300});
}

std::string stamped(const std::string& rest) { return "t=1700000000," + rest; }

TEST(StripeSignature, PassesByTheWholeSecretOverStampAndRawBody) {
  EXPECT_EQ(check(stamped("v1=" + kFirst)), SignatureFault::none);
  EXPECT_EQ(check(stamped("v1=" + kFirst), kBody, {"first"}), SignatureFault::mismatch);
}

TEST(StripeSignature, PassesByAnyOfTheSecrets) {
  const std::vector<std::string> both = {"whsec_first", "whsec_second"};
  EXPECT_EQ(check(stamped("v1=" + kFirst), kBody, both), SignatureFault::none);
  EXPECT_EQ(check(stamped("v1=" + kSecond), kBody, both), SignatureFault::none);
  EXPECT_EQ(check(stamped("v1=" + kSecond)), SignatureFault::mismatch);
  EXPECT_EQ(check(stamped("v1=" + kFirst), kBody, {}), SignatureFault::mismatch);
}

TEST(StripeSignature, PassesByAnyOfTheSignatures) {
  EXPECT_EQ(check(stamped("v1=" + kAnother + ",v1=" + kFirst)), SignatureFault::none);
  EXPECT_EQ(check(stamped("v1=" + kFirst + ",v1=" + kAnother)), SignatureFault::none);
  EXPECT_EQ(check("v1=" + kFirst + ",t=1700000000"), SignatureFault::none) << "in any order";
  EXPECT_EQ(check(stamped("v1=" + kAnother + ",v1=" + kAnother)), SignatureFault::mismatch);
}

TEST(StripeSignature, IgnoresOtherSchemes) {
  EXPECT_EQ(check(stamped("v0=" + kFirst)), SignatureFault::malformed);
  EXPECT_EQ(check(stamped("v0=" + kFirst + ",v1=" + kAnother)), SignatureFault::mismatch);
  EXPECT_EQ(check(stamped("v0=" + kAnother + ",v1=" + kFirst + ",v2=x")), SignatureFault::none);
}

TEST(StripeSignature, RefusesAnyChangeOfBodyOrStamp) {
  for (std::size_t i = 0; i < kBody.size(); ++i) {
    std::string changed = kBody;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(check(stamped("v1=" + kFirst), changed), SignatureFault::mismatch) << i;
  }
  EXPECT_EQ(check(stamped("v1=" + kFirst), kBody + "\n"), SignatureFault::mismatch);
  EXPECT_EQ(check("t=1700000001,v1=" + kFirst), SignatureFault::mismatch);
  EXPECT_EQ(check("t=01700000000,v1=" + kFirst), SignatureFault::mismatch) << "as it was written";
}

TEST(StripeSignature, ToleratesFiveMinutesEitherWay) {
  const auto at = [](std::int64_t now_s) {
    return check(stamped("v1=" + kFirst), kBody, {"whsec_first"}, now_s);
  };
  EXPECT_EQ(at(1'700'000'300), SignatureFault::none);
  EXPECT_EQ(at(1'700'000'301), SignatureFault::too_old);
  EXPECT_EQ(at(1'699'999'700), SignatureFault::none);
  EXPECT_EQ(at(1'699'999'699), SignatureFault::too_new);
}

TEST(StripeSignature, RefusesHeadersThatAreNone) {
  const std::string v1 = "v1=" + kFirst;
  for (const std::string& header :
       {std::string(), std::string(","), std::string("t"), std::string("t=1700000000"), v1,
        "t=," + v1, "t=-1," + v1, "t=1e9," + v1, "t=17000000001700000000," + v1,
        "t= 1700000000," + v1, "t=1700000000,t=1700000000," + v1, stamped("v1"),
        "t=1700000000;" + v1}) {
    EXPECT_EQ(check(header), SignatureFault::malformed) << header;
  }
  std::string capitals = kFirst;
  for (char& c : capitals) c = static_cast<char>(std::toupper(c));
  for (const std::string& signature :
       {std::string(), kFirst.substr(1), kFirst + "0", capitals, " " + kFirst}) {
    EXPECT_EQ(check(stamped("v1=" + signature)), SignatureFault::mismatch) << signature;
  }
}

TEST(StripeSignature, SecretsAreSeparatedByCommas) {
  EXPECT_EQ(split_secrets(" whsec_a, whsec_b ,,"),
            (std::vector<std::string>{"whsec_a", "whsec_b"}));
  EXPECT_TRUE(split_secrets("").empty());
  EXPECT_TRUE(split_secrets(" , ").empty());
}

}  // namespace
}  // namespace calixo::billing
