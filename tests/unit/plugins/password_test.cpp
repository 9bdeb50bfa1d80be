// Passwords: the policy, and hashes that other argon2id programs read.
#include "password.hpp"

#include <gtest/gtest.h>

namespace calixo::auth {
namespace {

using Reasons = std::vector<std::string>;

TEST(PasswordPolicy, CountsLettersNotBytes) {
  EXPECT_EQ(weaknesses("contraseña", 10), Reasons{});
  EXPECT_EQ(weaknesses("ñññññññ", 8), Reasons{"length"});
  EXPECT_EQ(weaknesses("", 8), Reasons{"length"});
}

TEST(PasswordPolicy, RefusesOneRepeatedLetter) {
  EXPECT_EQ(weaknesses("aaaaaaaaaa", 8), Reasons{"characters"});
  EXPECT_EQ(weaknesses("aaaaaaaaab", 8), Reasons{});
}

TEST(PasswordHash, IsArgon2idWithTheAdvisedCost) {
  EXPECT_TRUE(hash_password("secret").starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(PasswordHash, MatchesItsPasswordOnly) {
  const std::string hash = hash_password("con espacio y eñe");
  EXPECT_TRUE(password_matches("con espacio y eñe", hash));
  EXPECT_FALSE(password_matches("con espacio y ene", hash));
  EXPECT_FALSE(password_matches("", hash));
}

TEST(PasswordHash, IsSalted) { EXPECT_NE(hash_password("same"), hash_password("same")); }

TEST(PasswordHash, OfAnotherKindMatchesNothing) {
  for (const char* encoded : {"", "secret", "$2b$10$abcdefghijklmnopqrstuv", "$argon2id$v=19$"}) {
    EXPECT_FALSE(password_matches("secret", encoded)) << encoded;
  }
}

TEST(DecoyHash, CostsTheSameAndMatchesNothing) {
  EXPECT_TRUE(decoy_hash().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_FALSE(password_matches("", decoy_hash()));
}

}  // namespace
}  // namespace calixo::auth
