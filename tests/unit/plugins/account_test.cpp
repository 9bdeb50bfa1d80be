// Addresses, roles and what a token says of an account.
#include "account.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace calixo::auth {
namespace {

Account some_account() {
  Account account;
  account.id = "00000000-0000-4000-8000-000000000001";
  account.email = "ana@calixo.test";
  account.app_metadata = boost::json::object();
  account.user_metadata = boost::json::object{{"name", "Ana"}, {"sub", "another"}};
  account.entrances.identities = {email_identity(account.id, account.email, true, Timestamp{})};
  return account;
}

TEST(Email, IsLowerCased) {
  EXPECT_EQ(normal_email("Ana.Maria+casa@Calixo.TEST"), "ana.maria+casa@calixo.test");
  EXPECT_EQ(normal_email("admin@calixo.local"), "admin@calixo.local");
}

TEST(Email, RefusesWhatIsNoAddress) {
  for (const std::string& text :
       {std::string(), std::string("ana"), std::string("@calixo.test"), std::string("ana@"),
        std::string("ana@calixo"), std::string("ana@.test"), std::string("ana@calixo..test"),
        std::string("ana@-calixo.test"), std::string(".ana@calixo.test"),
        std::string("a..na@calixo.test"), std::string("ana maria@calixo.test"),
        std::string("ana@calixo.test\n"), std::string("ana@cal ixo.test"),
        std::string("\"ana\"@calixo.test"), std::string("ana@b@calixo.test"),
        std::string("\xc3\xb1@calixo.test"), std::string("ana\0@calixo.test", 16),
        std::string(65, 'a') + "@calixo.test", "a@" + std::string(250, 'b') + ".test"}) {
    EXPECT_FALSE(normal_email(text).has_value()) << text;
  }
}

TEST(AppRole, IsDecidedByAppointmentBeforeMetadata) {
  Account account = some_account();
  EXPECT_EQ(app_role(account), "user");
  account.app_metadata = boost::json::object{{"role", "premium"}};
  EXPECT_EQ(app_role(account), "premium");
  account.app_metadata = boost::json::object{{"role", "admin"}};
  EXPECT_EQ(app_role(account), "user");
  account.admin_role = "MODERATOR";
  EXPECT_EQ(app_role(account), "moderator");
  account.admin_role = "ADMIN";
  EXPECT_EQ(app_role(account), "admin");
}

TEST(UserAnswer, KeepsTheClientsDataButNotItsIdentity) {
  const User user = as_user(some_account());
  EXPECT_EQ(user.user_metadata.at("name"), "Ana");
  EXPECT_EQ(user.user_metadata.at("sub"), "00000000-0000-4000-8000-000000000001");
  EXPECT_EQ(user.identities.size(), 1u);
  EXPECT_EQ(user.app_metadata.at("role"), "user");
}

TEST(Claims, HoldWhatClientsAndPoliciesRead) {
  const auto claims = boost::json::parse(
      claims_json(some_account(), "calixo", {"session", "aal1", boost::json::array()}, 100, 200));
  EXPECT_EQ(claims.at("iss"), "calixo");
  EXPECT_EQ(claims.at("aud"), "authenticated");
  EXPECT_EQ(claims.at("role"), "authenticated");
  EXPECT_EQ(claims.at("iat"), 100);
  EXPECT_EQ(claims.at("exp"), 200);
  EXPECT_EQ(claims.at("session_id"), "session");
  EXPECT_EQ(claims.at("aal"), "aal1");
  EXPECT_EQ(claims.at("phone"), "");
  EXPECT_EQ(claims.at("is_anonymous"), false);
  EXPECT_EQ(claims.at("app_metadata").at("provider"), "email");
}

}  // namespace
}  // namespace calixo::auth
