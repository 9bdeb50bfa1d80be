// Who may call: tokens, their cache, roles.
#include <gtest/gtest.h>

#include <atomic>

#include "test_client.hpp"
#include "test_server.hpp"

namespace calixo::host::test {
namespace {

constexpr RoleSet kUser = 2, kAdmin = 16;

class FakeVerifier final : public TokenVerifier {
 public:
  TokenStatus verify(std::string_view token, Principal& principal) override {
    ++calls;
    if (token == "old") return TokenStatus::expired;
    if (token != "user" && token != "admin") return TokenStatus::invalid;
    principal.user_id = token;
    principal.roles = token == "admin" ? kUser | kAdmin : kUser;
    return TokenStatus::valid;
  }
  std::atomic<int> calls{0};
};

class Authentication : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto who = [](Exchange& exchange) {
      exchange.respond(200, "application/json", "<" + exchange.principal().user_id + ">");
    };
    server.tokens = &verifier;
    server.on_access = [this](const AccessRecord& record) {
      const std::lock_guard lock(mutex);
      records.push_back(std::string(record.user_id) + " " + std::to_string(record.status));
    };
    server.route("GET", "/open", who);
    server.route("GET", "/user", who).roles = kUser;
    server.route("GET", "/admin", who).roles = kAdmin;
    server.start();
  }
  Answer get(const std::string& path, const std::string& token) {
    Client client(server.port());
    return client.get(path, token.empty() ? "" : "Authorization: bearer " + token + "\r\n");
  }
  FakeVerifier verifier;
  std::mutex mutex;
  std::vector<std::string> records;
  TestServer server;
};

TEST_F(Authentication, AsksForAToken) {
  const Answer answer = get("/user", "");
  EXPECT_EQ(answer.status, 401);
  EXPECT_NE(answer.body.find("authentication_required"), std::string::npos);
  EXPECT_EQ(answer.header("www-authenticate"), R"(Bearer realm="calixo")");
}

TEST_F(Authentication, RefusesTokensThatAreNoGood) {
  const Answer wrong = get("/user", "wrong"), old = get("/user", "old");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_NE(wrong.body.find("invalid_token"), std::string::npos);
  EXPECT_EQ(old.status, 401);
  EXPECT_NE(old.body.find("token_expired"), std::string::npos);
  EXPECT_NE(old.header("www-authenticate").find("invalid_token"), std::string::npos);
}

TEST_F(Authentication, IgnoresABadTokenWhereAnonymousCallersAreWelcome) {
  EXPECT_EQ(get("/open", "old").body, "<>");
  EXPECT_EQ(get("/open", "user").body, "<user>");
}

TEST_F(Authentication, HoldsRoutesToTheirRoles) {
  EXPECT_EQ(get("/user", "user").body, "<user>");
  EXPECT_EQ(get("/admin", "user").status, 403);
  EXPECT_EQ(get("/admin", "admin").body, "<admin>");
}

TEST_F(Authentication, VerifiesATokenOncePerLoop) {
  for (int i = 0; i < 20; ++i) get("/user", "user");
  EXPECT_LE(verifier.calls, 2 * 2);  // two loops; the cache's age may pass once meanwhile
  EXPECT_GE(server.stats().token_cache_hits, 16u);
}

TEST_F(Authentication, StandsInTheAccessRecord) {
  get("/user", "user");
  get("/nowhere", "");
  server.stop();
  EXPECT_EQ(records, (std::vector<std::string>{"user 200", " 404"}));
}

}  // namespace
}  // namespace calixo::host::test
