// Other servers as plugins reach them: what is sent, read and thrown.
#include <gtest/gtest.h>

#include <calixo/http_client.hpp>
#include <calixo/testing/fake_host.hpp>

namespace calixo {
namespace {

using testing::FakeHost;
using testing::PlayedAnswer;
using testing::SentRequest;

// A plugin whose one route asks another server and hands its answer on.
void describe(Plugin& plugin) {
  const HttpClient http(plugin);
  plugin.post("/ask", [http](Context& context) {
    HttpRequest request;
    request.method = "POST";
    request.url = "https://api.example/ask";
    request.headers = {{"Idempotency-Key", "k1"}};
    request.body = context.raw_body();
    request.is_repeatable = true;
    const HttpAnswer answer = http.send(request);
    Reply reply;
    reply.status = answer.is_success() ? 200 : 400;
    reply.body = std::string(answer.body()) + std::string(answer.header("x-kind").value_or("none"));
    return reply;
  });
}

TEST(HttpClient, SendsAndReads) {
  FakeHost host;
  host.http.on_request = [](const SentRequest&) {
    return PlayedAnswer{201, {{"X-Kind", "k"}}, "made"};
  };
  host.load(&describe);
  const testing::Response answer = host.call({.method = "POST", .path = "/ask", .body = "{}"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "madek");
  ASSERT_EQ(host.http.sent.size(), 1u);
  EXPECT_EQ(host.http.sent[0].method, "POST");
  EXPECT_EQ(host.http.sent[0].url, "https://api.example/ask");
  EXPECT_EQ(host.http.sent[0].body, "{}");
  EXPECT_TRUE(host.http.sent[0].is_repeatable);
  EXPECT_EQ(host.http.sent[0].headers, (testing::Headers{{"Idempotency-Key", "k1"}}));
  EXPECT_EQ(host.http.answers_held, 0);
}

TEST(HttpClient, HandsOnRefusalsOfTheOtherServer) {
  FakeHost host;
  host.http.on_request = [](const SentRequest&) { return PlayedAnswer{402, {}, "no"}; };
  host.load(&describe);
  EXPECT_EQ(host.call({.method = "POST", .path = "/ask", .body = "{}"}).status, 400);
}

TEST(HttpClient, BecomesAPassingFaultWhereNoAnswerComes) {
  FakeHost host;
  host.load(&describe);
  EXPECT_EQ(host.call({.method = "POST", .path = "/ask", .body = "{}"}).status, 503);
  host.http.on_request = [](const SentRequest&) { return PlayedAnswer{.outcome = CALIXO_TIMEOUT}; };
  EXPECT_EQ(host.call({.method = "POST", .path = "/ask", .body = "{}"}).status, 504);
}

}  // namespace
}  // namespace calixo
