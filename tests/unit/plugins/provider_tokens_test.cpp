// What waits for a client to exchange its code is told to nobody who has not got that code.
#include "oauth/provider_tokens.hpp"

#include <gtest/gtest.h>

#include <string>

namespace calixo::auth {
namespace {

const ProviderTokens kTokens{"access-token-of-the-provider", "refresh-token-of-the-provider"};

TEST(ProviderTokens, ComeBackWithTheCodeThatSealedThem) {
  const auto bytes = sealed(kTokens, "the code");
  ASSERT_TRUE(bytes);
  const ProviderTokens back = unsealed(*bytes, "the code");
  EXPECT_EQ(back.access_token, kTokens.access_token);
  EXPECT_EQ(back.refresh_token, kTokens.refresh_token);
}

TEST(ProviderTokens, AreInTheBytesForNobodyElse) {
  const auto bytes = sealed(kTokens, "the code");
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->find("of-the-provider"), std::string::npos);
  const ProviderTokens back = unsealed(*bytes, "another code");
  EXPECT_FALSE(back.access_token || back.refresh_token);
}

TEST(ProviderTokens, AreNeverSealedTheSameTwice) {
  EXPECT_NE(sealed(kTokens, "the code"), sealed(kTokens, "the code"));
}

TEST(ProviderTokens, ThatWereChangedOnTheWayAreNone) {
  const std::string bytes = sealed(kTokens, "the code").value_or("");
  ASSERT_FALSE(bytes.empty());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(unsealed(changed, "the code").access_token) << at;
    EXPECT_FALSE(unsealed(bytes.substr(0, at), "the code").access_token) << at;
  }
}

TEST(ProviderTokens, AreLeftOutWhereThereAreNoneOrTooMuch) {
  EXPECT_FALSE(sealed({}, "the code"));
  EXPECT_FALSE(sealed({std::string(kProviderTokensBytesMax, 'x'), std::nullopt}, "the code"));
  const auto most =
      sealed({std::string(kProviderTokensBytesMax - 100, 'x'), std::nullopt}, "the code");
  ASSERT_TRUE(most);
  EXPECT_LE(most->size(), 8256u) << "more than the column of flow_states takes";
  EXPECT_TRUE(sealed({"", std::nullopt}, "the code").value_or("").size() >= 29);
}

}  // namespace
}  // namespace calixo::auth
