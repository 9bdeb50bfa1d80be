// What HTTP/1.1 asks of a server beyond one request and one answer.
#include <brotli/decode.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <set>

#include "test_client.hpp"
#include "test_server.hpp"

namespace calixo::host::test {
namespace {

std::string text_of(std::size_t size) {
  std::string text;
  while (text.size() < size) text += "{\"line\":" + std::to_string(text.size()) + "}\n";
  text.resize(size);
  return text;
}

std::string gunzipped(const std::string& bytes) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(4 * 1024 * 1024, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

std::string unbrotlied(const std::string& bytes) {
  std::size_t size = 4 * 1024 * 1024;
  std::string out(size, '\0');
  BrotliDecoderDecompress(bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()), &size,
                          reinterpret_cast<std::uint8_t*>(out.data()));
  out.resize(size);
  return out;
}

class Protocol : public ::testing::Test {
 protected:
  void SetUp() override {
    server.options.cors_origins = {"https://app.example"};
    server.options.trusted_proxies = {"127.0.0.0/8"};
    server.add_usual_routes();
    server.route("GET", "/large", [](Exchange& exchange) {
      exchange.respond(200, "application/json", text_of(200'000));
    });
    server
        .route("GET", "/number/{n:int}",
               [](Exchange& exchange) {
                 exchange.respond(200, "text/plain", exchange.path_parameter("n"));
               })
        .produces = "text/plain";
    server.route("GET", "/who", [](Exchange& exchange) {
      exchange.respond(200, "application/json",
                       std::string(exchange.client_address()) + " " +
                           std::string(exchange.base_url()) + " " + std::string(exchange.path()) +
                           " " + std::string(exchange.language()));
    });
    server.route("GET", "/silent", [](Exchange&) {});
    server.route("GET", "/throws", [](Exchange&) { throw std::runtime_error("secret"); });
    server
        .route("GET", "/thread",
               [this](Exchange& exchange) {
                 exchange.respond(200, "application/json",
                                  EventLoop::current() == nullptr ? "worker" : "loop");
               })
        .exec_thread = true;
    server.start();
  }
  TestServer server;
};

TEST_F(Protocol, AnswersPipelinedRequestsInOrder) {
  Client client(server.port());
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    bytes += "GET /number/" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
    if (i % 10 == 0) bytes += "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n";
  }
  client.send(bytes);
  for (int i = 0; i < 100; ++i) {
    const Answer answer = client.read_answer();
    ASSERT_EQ(answer.status, 200);
    ASSERT_EQ(answer.body, std::to_string(i));
    if (i % 10 == 0) {
      ASSERT_EQ(client.read_answer().status, 404);
    }
  }
}

TEST_F(Protocol, ReadsARequestThatComesByteByByte) {
  Client client(server.port());
  const std::string bytes =
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: u\r\n\r\n";
  for (const char byte : bytes) client.send(std::string_view(&byte, 1));
  EXPECT_EQ(client.read_answer().body, "abcde");
  EXPECT_EQ(client.get("/text").status, 200);
}

TEST_F(Protocol, AnswersHeadWithoutABody) {
  Client client(server.port());
  client.send("HEAD /large HTTP/1.1\r\nHost: a\r\n\r\n");
  const Answer answer = client.read_answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-length"), "200000");
  EXPECT_EQ(client.get("/text").status, 200);
}

TEST_F(Protocol, ClosesAfterHttp10UnlessAskedToStay) {
  Client once(server.port());
  EXPECT_EQ(once.ask("GET /text HTTP/1.0\r\n\r\n").header("connection"), "close");
  EXPECT_TRUE(once.is_ended());
  Client stays(server.port());
  EXPECT_EQ(stays.ask("GET /text HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("connection"),
            "keep-alive");
  EXPECT_EQ(stays.get("/text").status, 200);
}

TEST_F(Protocol, TakesTheAuthorityOfAnAbsoluteTarget) {
  Client client(server.port());
  EXPECT_EQ(client.ask("GET http://real:8080/who HTTP/1.1\r\nHost: other\r\n\r\n").body,
            "127.0.0.1 http://real:8080 /who es");
}

TEST_F(Protocol, SaysContinueOnlyWhereTheBodyIsWelcome) {
  const std::string head =
      "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Type: "
      "application/json\r\n";
  Client client(server.port());
  EXPECT_EQ(client.ask(head + "Content-Length: 2\r\n\r\n").status, 100);
  EXPECT_EQ(client.ask("ab").body, "ab");
  Client refused(server.port());
  EXPECT_EQ(refused.ask(head + "Content-Length: 9000000\r\n\r\n").status, 413);
  EXPECT_TRUE(refused.is_ended());
}

TEST_F(Protocol, NamesTheMethodsOfAPath) {
  Client client(server.port());
  const Answer wrong = client.ask("DELETE /text HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("allow"), "GET, HEAD, OPTIONS");
  const Answer options = client.ask("OPTIONS /echo HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header("allow"), "OPTIONS, POST");
  EXPECT_EQ(client.ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").status, 204);
  EXPECT_EQ(client.get("/nowhere").status, 404);
}

TEST_F(Protocol, RefusesFormatsItDoesNotSpeak) {
  Client client(server.port());
  EXPECT_EQ(client.get("/text", "Accept: image/png\r\n").status, 406);
  EXPECT_EQ(client.get("/text", "Accept: application/json;q=0, */*\r\n").status, 406);
  EXPECT_EQ(client.get("/text", "Accept: text/html, application/*;q=0.1\r\n").status, 200);
  EXPECT_EQ(client
                .ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
                     "Content-Length: 2\r\n\r\nab")
                .status,
            415);
  EXPECT_EQ(client.get("/text").status, 200);
}

TEST_F(Protocol, KnowsOriginsAndAnswersPreflights) {
  Client client(server.port());
  const Answer preflight = client.ask(
      "OPTIONS /echo HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\n"
      "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: "
      "apikey,content-type\r\n\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("access-control-allow-origin"), "https://app.example");
  EXPECT_EQ(preflight.header("access-control-allow-methods"), "OPTIONS, POST");
  EXPECT_EQ(preflight.header("access-control-allow-headers"), "apikey,content-type");
  const Answer actual = client.get("/text", "Origin: https://app.example\r\n");
  EXPECT_EQ(actual.header("access-control-allow-origin"), "https://app.example");
  EXPECT_EQ(actual.header("vary"), "Origin");
  const Answer stranger = client.get("/text", "Origin: https://evil.example\r\n");
  EXPECT_FALSE(stranger.has("access-control-allow-origin"));
  EXPECT_EQ(stranger.header("vary"), "Origin");
}

TEST_F(Protocol, SendsNothingThatTheClientHas) {
  Client client(server.port());
  const std::string tag = client.get("/text").header("etag");
  ASSERT_FALSE(tag.empty());
  const Answer again = client.get("/text", "If-None-Match: \"x\", W/" + tag + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.header("etag"), tag);
  EXPECT_FALSE(again.has("content-length"));
  EXPECT_EQ(client.get("/text", "If-None-Match: \"x\"\r\n").status, 200);
}

TEST_F(Protocol, CompressesAsTheClientPrefers) {
  Client client(server.port());
  const Answer brotli = client.get("/large", "Accept-Encoding: gzip, br\r\n");
  EXPECT_EQ(brotli.header("content-encoding"), "br");
  EXPECT_LT(brotli.body.size(), 100'000u);
  EXPECT_EQ(unbrotlied(brotli.body), text_of(200'000));
  const Answer gzip = client.get("/large", "Accept-Encoding: br;q=0.1, gzip;q=0.8\r\n");
  EXPECT_EQ(gzip.header("content-encoding"), "gzip");
  EXPECT_EQ(gunzipped(gzip.body), text_of(200'000));
  const Answer plain = client.get("/large", "Accept-Encoding: br;q=0\r\n");
  EXPECT_FALSE(plain.has("content-encoding"));
  EXPECT_EQ(plain.body, text_of(200'000));
  std::set<std::string> tags{brotli.header("etag"), gzip.header("etag"), plain.header("etag")};
  EXPECT_EQ(tags.size(), 3u);
  EXPECT_EQ(client.get("/text", "Accept-Encoding: br\r\n").header("content-encoding"), "");
  EXPECT_EQ(
      client
          .get("/large", "Accept-Encoding: br\r\nIf-None-Match: " + brotli.header("etag") + "\r\n")
          .status,
      304);
}

TEST_F(Protocol, EchoesAWellFormedRequestId) {
  Client client(server.port());
  EXPECT_EQ(client.get("/text", "X-Request-Id: abc-123\r\n").header("x-request-id"), "abc-123");
  EXPECT_EQ(client.get("/text", "X-Request-Id: a b<c>\r\n").header("x-request-id").size(), 32u);
}

TEST_F(Protocol, BelievesTrustedProxiesOnly) {
  Client client(server.port());
  EXPECT_EQ(client
                .get("/who",
                     "X-Forwarded-For: 1.1.1.1, 203.0.113.7, 127.0.0.9\r\n"
                     "X-Forwarded-Proto: https\r\nX-Forwarded-Host: api.example\r\n")
                .body,
            "203.0.113.7 https://api.example /who es");
}

TEST(Proxies, AreNotBelievedWhereNoneIsTrusted) {
  TestServer server;
  server.route("GET", "/who", [](Exchange& exchange) {
    exchange.respond(
        200, "application/json",
        std::string(exchange.client_address()) + " " + std::string(exchange.base_url()));
  });
  server.start();
  Client client(server.port());
  EXPECT_EQ(client.get("/who", "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-Proto: https\r\n").body,
            "127.0.0.1 http://test");
}

TEST_F(Protocol, SpeaksTheCallersLanguage) {
  Client client(server.port());
  EXPECT_NE(client.get("/nowhere").body.find("No existe"), std::string::npos);
  EXPECT_NE(client.get("/nowhere", "Accept-Language: en-GB, es;q=0.5\r\n").body.find("nothing at"),
            std::string::npos);
}

TEST_F(Protocol, AnswersForHandlersThatDoNot) {
  Client client(server.port());
  const Answer silent = client.get("/silent"), throwing = client.get("/throws");
  EXPECT_EQ(silent.status, 500);
  EXPECT_EQ(throwing.status, 500);
  EXPECT_EQ(throwing.body.find("secret"), std::string::npos);
  EXPECT_EQ(client.get("/text").status, 200);
}

TEST_F(Protocol, RunsBlockingHandlersOnWorkerThreads) {
  Client client(server.port());
  EXPECT_EQ(client.get("/thread").body, "worker");
}

}  // namespace
}  // namespace calixo::host::test
