// Bytes as text, strictly.
#include "encoding.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <stdexcept>

namespace calixo::auth {
namespace {

TEST(Base64Url, WritesWhatItReads) {
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string bytes = random_bytes(size);
    EXPECT_EQ(from_base64url(base64url(bytes)), bytes);
  }
}

TEST(Base64Url, AgreesWithRfc4648) {
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url("foo"), "Zm9v");
  EXPECT_EQ(base64url("\xfb\xff"), "-_8");
}

TEST(Base64Url, RefusesPaddingOtherAlphabetsAndStrayBits) {
  for (const char* text : {"Zg==", "Zm8=", "+_8", "-/8", "Z", "Zm9v\n", " Zm9v", "Zh", "Zm9"}) {
    EXPECT_FALSE(from_base64url(text).has_value()) << text;
  }
}

TEST(Bytea, WritesWhatItReads) {
  EXPECT_EQ(bytea(std::string("\0\xff", 2)), "\\x00ff");
  EXPECT_EQ(from_bytea("\\x00ff"), std::string("\0\xff", 2));
  EXPECT_THROW(from_bytea("00ff"), std::invalid_argument);
  EXPECT_THROW(from_bytea("\\x0"), std::invalid_argument);
  EXPECT_THROW(from_bytea("\\x0g"), std::invalid_argument);
}

TEST(Hmac, AgreesWithRfc4231) {
  EXPECT_EQ(bytea(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "\\x5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(RandomUuid, IsAVersionFourUuid) {
  const std::regex shape("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  EXPECT_TRUE(std::regex_match(random_uuid(), shape));
  EXPECT_NE(random_uuid(), random_uuid());
}

TEST(RandomPassword, HasItsLengthAndNoLookalikes) {
  std::set<char> seen;
  for (int i = 0; i < 50; ++i) {
    const std::string password = random_password(20);
    EXPECT_EQ(password.size(), 20u);
    seen.insert(password.begin(), password.end());
  }
  for (const char c : std::string("0O1lI")) EXPECT_FALSE(seen.contains(c)) << c;
  EXPECT_GT(seen.size(), 40u);
}

}  // namespace
}  // namespace calixo::auth
