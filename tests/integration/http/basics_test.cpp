// Requests and answers over a real socket.
#include <gtest/gtest.h>

#include "test_client.hpp"
#include "test_server.hpp"

namespace calixo::host::test {
namespace {

class Basics : public ::testing::Test {
 protected:
  void SetUp() override {
    server.add_usual_routes();
    server.start();
  }
  TestServer server;
};

TEST_F(Basics, AnswersAGet) {
  Client client(server.port());
  const Answer answer = client.get("/text");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"ok":true})");
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.header("x-request-id").size(), 32u);
  EXPECT_TRUE(answer.has("date"));
  EXPECT_FALSE(answer.has("server"));
}

TEST_F(Basics, KeepsTheConnectionForTheNextRequest) {
  Client client(server.port());
  for (int i = 0; i < 50; ++i) {
    const Answer answer = client.get("/text");
    ASSERT_EQ(answer.status, 200);
    ASSERT_FALSE(answer.has("connection"));
  }
  EXPECT_EQ(server.stats().connections_accepted, 1u);
}

TEST_F(Basics, ClosesWhereTheClientAsksForIt) {
  Client client(server.port());
  EXPECT_EQ(client.get("/text", "Connection: close\r\n").header("connection"), "close");
  EXPECT_TRUE(client.is_ended());
}

}  // namespace
}  // namespace calixo::host::test
