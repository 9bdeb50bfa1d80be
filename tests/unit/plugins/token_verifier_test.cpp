// What the host learns of a token through calixo.token_verifier/1.
#include "token_verifier.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <string>

namespace calixo::auth {
namespace {

struct Accepted {
  std::uint32_t roles = 0;
  std::string user_id, session_id, claims;
  std::int64_t expires_at_s = 0;
};

void accept(void* sink, const calixo_principal* principal) {
  auto& accepted = *static_cast<Accepted*>(sink);
  accepted.roles = principal->roles;
  accepted.user_id.assign(principal->user_id.data, principal->user_id.size);
  accepted.session_id.assign(principal->session_id.data, principal->session_id.size);
  accepted.claims.assign(principal->claims_json.data, principal->claims_json.size);
  accepted.expires_at_s = principal->expires_at_s;
}

std::int64_t now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class TokenVerifier : public testing::Test {
 protected:
  TokenVerifier() {
    std::vector<Es256Key> keys;
    keys.push_back(Es256Key::generate());
    tokens_ =
        std::make_shared<const AccessTokens>(std::move(keys), AccessTokens::Options{"calixo", 5});
  }
  ~TokenVerifier() override {
    publish_token_verifier(nullptr);
    use_standing(nullptr);
  }

  std::string token(const std::string& role, const std::string& app_role,
                    std::int64_t expires_at_s = now_s() + 600) const {
    return tokens_->sign(boost::json::serialize(
        boost::json::object{{"iss", "calixo"},
                            {"aud", "authenticated"},
                            {"sub", "user"},
                            {"session_id", "session"},
                            {"role", role},
                            {"exp", expires_at_s},
                            {"app_metadata", boost::json::object{{"role", app_role}}}}));
  }
  calixo_status verify(const std::string& text) {
    return token_verifier_table().verify({text.data(), text.size()}, accept, &accepted_);
  }
  std::uint32_t roles_of(const std::string& role, const std::string& app_role) {
    accepted_ = {};
    verify(token(role, app_role));
    return accepted_.roles;
  }

  std::shared_ptr<const AccessTokens> tokens_;
  Accepted accepted_;
};

TEST_F(TokenVerifier, DeniesEveryTokenUntilKeysAreThere) {
  EXPECT_EQ(verify(token("authenticated", "user")), CALIXO_DENIED);
}

TEST_F(TokenVerifier, HandsOverWhoCalls) {
  publish_token_verifier(tokens_);
  const std::int64_t expires_at_s = now_s() + 600;
  ASSERT_EQ(verify(token("authenticated", "user", expires_at_s)), CALIXO_OK);
  EXPECT_EQ(accepted_.user_id, "user");
  EXPECT_EQ(accepted_.session_id, "session");
  EXPECT_EQ(accepted_.expires_at_s, expires_at_s);
  EXPECT_EQ(boost::json::parse(accepted_.claims).at("sub"), "user");
}

TEST_F(TokenVerifier, GivesEachRoleItsBits) {
  publish_token_verifier(tokens_);
  EXPECT_EQ(roles_of("authenticated", "user"), CALIXO_ROLE_USER);
  EXPECT_EQ(roles_of("authenticated", "premium"), CALIXO_ROLE_USER | CALIXO_ROLE_PREMIUM);
  EXPECT_EQ(roles_of("authenticated", "moderator"), CALIXO_ROLE_USER | CALIXO_ROLE_MODERATOR);
  EXPECT_EQ(roles_of("authenticated", "admin"),
            CALIXO_ROLE_USER | CALIXO_ROLE_MODERATOR | CALIXO_ROLE_ADMIN);
  EXPECT_EQ(roles_of("authenticated", "service"), CALIXO_ROLE_USER);
  EXPECT_NE(roles_of("service_role", "") & CALIXO_ROLE_SERVICE, 0u);
}

TEST_F(TokenVerifier, TellsExpiredFromInvalid) {
  publish_token_verifier(tokens_);
  EXPECT_EQ(verify(token("authenticated", "user", now_s() - 600)), CALIXO_TIMEOUT);
  EXPECT_EQ(verify(""), CALIXO_DENIED);
  EXPECT_EQ(verify("a.b.c"), CALIXO_DENIED);
  EXPECT_EQ(token_verifier_table().verify({nullptr, 0}, accept, &accepted_), CALIXO_DENIED);
}

TEST_F(TokenVerifier, RefusesWhoIsNotInStanding) {
  publish_token_verifier(tokens_);
  Standing standing;
  use_standing(&standing);
  EXPECT_EQ(verify(token("authenticated", "user")), CALIXO_OK);
  standing.take({{1, "session", "", true, 0, 1}});
  EXPECT_EQ(verify(token("authenticated", "user")), CALIXO_NOT_FOUND);
  EXPECT_EQ(verify(token("service_role", "")), CALIXO_NOT_FOUND)
      << "it says that it is of the session";
  EXPECT_EQ(verify(token("authenticated", "user", now_s() - 600)), CALIXO_TIMEOUT);
}

TEST_F(TokenVerifier, GivesTheRoleThatHoldsNow) {
  publish_token_verifier(tokens_);
  Standing standing;
  use_standing(&standing);
  standing.take({{1, "user", "admin", false, 0, 1}});
  ASSERT_EQ(verify(token("authenticated", "user")), CALIXO_OK);
  EXPECT_NE(accepted_.roles & CALIXO_ROLE_ADMIN, 0u);
  EXPECT_EQ(boost::json::parse(accepted_.claims).at("app_metadata").at("role"), "admin");
  EXPECT_EQ(boost::json::parse(accepted_.claims).at("sub"), "user");
  standing.take({{2, "user", "user", false, 0, 2}});
  ASSERT_EQ(verify(token("authenticated", "admin")), CALIXO_OK);
  EXPECT_EQ(accepted_.roles, CALIXO_ROLE_USER);
  EXPECT_EQ(boost::json::parse(accepted_.claims).at("app_metadata").at("role"), "user");
}

}  // namespace
}  // namespace calixo::auth
