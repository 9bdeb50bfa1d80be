// One-time tokens: what travels, and that its digests are of this purpose and address alone.
#include "tokens/one_time_token.hpp"

#include <gtest/gtest.h>

#include <set>

namespace calixo::auth {
namespace {

TEST(OneTimeToken, IsKnownByTheDigestsOfItsTokenAndItsCode) {
  const OneTimeToken made = make_one_time_token("recovery", "a@calixo.test", false);
  EXPECT_EQ(made.token.size(), 43u);
  EXPECT_TRUE(is_code(made.code)) << made.code;
  EXPECT_EQ(made.token_hash, token_digest(made.token));
  EXPECT_EQ(made.code_hash, code_digest("recovery", "a@calixo.test", made.code));
  EXPECT_EQ(made.token_hash.find(made.token), std::string::npos);
}

TEST(OneTimeToken, OfAClientThatWaitsForACodeSaysSo) {
  const OneTimeToken made = make_one_time_token("signup", "a@calixo.test", true);
  EXPECT_TRUE(made.token.starts_with(kPkcePrefix));
  EXPECT_EQ(made.token_hash, token_digest(made.token));
}

TEST(OneTimeToken, BindsItsCodeToPurposeAndAddress) {
  const std::string digest = code_digest("recovery", "a@calixo.test", "123456");
  EXPECT_NE(digest, code_digest("signup", "a@calixo.test", "123456"));
  EXPECT_NE(digest, code_digest("recovery", "b@calixo.test", "123456"));
  EXPECT_NE(digest, code_digest("recovery", "a@calixo.test", "123457"));
}

TEST(OneTimeToken, IsNeverTheSameTwice) {
  std::set<std::string> tokens, codes;
  for (int i = 0; i < 1000; ++i) {
    const OneTimeToken made = make_one_time_token("signup", "a@calixo.test", false);
    tokens.insert(made.token);
    codes.insert(made.code);
  }
  EXPECT_EQ(tokens.size(), 1000u);
  EXPECT_GT(codes.size(), 980u);  // of a million
}

TEST(OneTimeToken, CodesAreSixDigitsAndNothingElse) {
  for (const char* text : {"", "12345", "1234567", "12345a", "12 456", "-12345"}) {
    EXPECT_FALSE(is_code(text)) << text;
  }
  EXPECT_TRUE(is_code("000000"));
}

TEST(OneTimeToken, TypesOfTheWireFormatStandForPurposes) {
  EXPECT_EQ(purposes_of("email"), (std::vector<std::string>{"signup", "magiclink"}));
  EXPECT_EQ(purposes_of("recovery"), std::vector<std::string>{"recovery"});
  EXPECT_EQ(purposes_of("email_change").size(), 2u);
  for (const char* type : {"", "reauthentication", "email_change_new", "sms", "recovery "}) {
    EXPECT_TRUE(purposes_of(type).empty()) << type;
  }
  EXPECT_EQ(type_of("email_change_current"), "email_change");
  EXPECT_EQ(type_of("invite"), "invite");
}

}  // namespace
}  // namespace calixo::auth
