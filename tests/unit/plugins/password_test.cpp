// Passwords: the policy, and hashes that other argon2id programs read.
#include "password.hpp"

#include <gtest/gtest.h>

namespace calixo::auth {
namespace {

using Reasons = std::vector<std::string>;

TEST(PasswordPolicy, CountsLettersNotBytes) {
  EXPECT_EQ(weaknesses("contraseña", {.length_min = 10}), Reasons{});
  EXPECT_EQ(weaknesses("ñññññññ", {.length_min = 8}), Reasons{"length"});
  EXPECT_EQ(weaknesses("", {.length_min = 8}), Reasons{"length"});
}

TEST(PasswordPolicy, RefusesWhatIsGuessedFirst) {
  const PasswordRules rules{.length_min = 8, .strength_bits_min = 8};
  for (const char* common : {"password", "12345678", "password123", "iloveyou", "aaaaaaaa"}) {
    EXPECT_EQ(weaknesses(common, rules), Reasons{"pwned"}) << common;
  }
  for (const char* good : {"media hora sin pantalla", "correct horse battery", "q7#Lm2!xWc"}) {
    EXPECT_EQ(weaknesses(good, rules), Reasons{}) << good;
  }
}

TEST(PasswordPolicy, AsksForTheClassesThatTheOperatorNames) {
  const PasswordRules rules{.classes = {"lower", "upper", "digit", "symbol"}};
  EXPECT_EQ(weaknesses("Abcdefg1!", rules), Reasons{});
  for (const char* lacking : {"abcdefg1!", "ABCDEFG1!", "Abcdefgh!", "Abcdefgh1"}) {
    EXPECT_EQ(weaknesses(lacking, rules), Reasons{"characters"}) << lacking;
  }
}

TEST(PasswordPolicy, BearsALongOneAndNulBytes) {
  EXPECT_EQ(weaknesses(std::string(256, 'x') + "y", {.strength_bits_min = 8}), Reasons{});
  EXPECT_EQ(weaknesses(std::string("\0", 1) + "q7#Lm2!xWc", {.strength_bits_min = 8}),
            Reasons{"pwned"});
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

// Made by Python's crypt module, cost 5.
TEST(PasswordHash, OfBcryptMatchesAndIsOutdated) {
  const std::string hash = "$2b$05$QEiRnPwxxUG0wAVqbft5ee.mJh/lAotmtTPb.On20rcUvbbB62kIa";
  EXPECT_TRUE(password_matches("sin pantalla", hash));
  EXPECT_FALSE(password_matches("con pantalla", hash));
  EXPECT_TRUE(is_outdated_hash(hash));
  EXPECT_FALSE(is_outdated_hash(hash_password("sin pantalla")));
}

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
