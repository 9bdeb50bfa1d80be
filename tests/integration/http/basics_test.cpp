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

TEST_F(Basics, AnswersAClientThatSendsNoMore) {
  Client client(server.port());
  client.send("GET /text HTTP/1.1\r\nHost: a\r\n\r\nGET /text HTTP/1.1\r\nHost: a\r\n\r\n");
  client.shut_down_writing();
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_TRUE(client.is_ended());
}

TEST_F(Basics, DealsConnectionsOutToAllLoops) {
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(std::make_unique<Client>(server.port()));
    ASSERT_EQ(clients.back()->get("/text").status, 200);
  }
  EXPECT_EQ(server.stats().connections, 200u);
  clients.clear();
  while (server.stats().connections != 0) std::this_thread::yield();
}

TEST_F(Basics, CountsRoutesByStatusAndTime) {
  Client client(server.port());
  for (int i = 0; i < 3; ++i) client.get("/text");
  client.get("/text", "Accept: image/png\r\n");
  server.stop_serving();
  const HttpServer::RouteStats route = server.stats().routes.front();
  EXPECT_EQ(route.by_status_class[2], 3u);
  EXPECT_EQ(route.by_status_class[4], 1u);
  EXPECT_EQ(route.in_flight, 0u);
  std::uint64_t counted = 0;
  for (const std::uint64_t bucket : route.latency_buckets) counted += bucket;
  EXPECT_EQ(counted, 4u);
  EXPECT_EQ(route.latency_buckets.size(), HttpServer::latency_bounds_s().size() + 1);
}

}  // namespace
}  // namespace calixo::host::test
