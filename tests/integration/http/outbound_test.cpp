// Requests to other servers: what comes back, and what keeps a bad server from doing harm.
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>

#include "http/client/outbound_client.hpp"
#include "runtime/completion.hpp"
#include "test_certificate.hpp"
#include "test_server.hpp"

namespace calixo::host::test {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

// Gives each connection the next of its scripted answers, as bytes, then closes; the last one
// again and again. An empty one leaves the client waiting.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listening_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listening_, 64);
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~ScriptedServer() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
    for (const int one : waiting_) ::close(one);
  }
  std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  int requests() const { return requests_; }

 private:
  void serve() {
    for (int one; (one = ::accept(listening_, nullptr, nullptr)) >= 0;) {
      std::string head;
      char piece[4096];
      while (head.find("\r\n\r\n") == std::string::npos) {
        const ssize_t got = ::recv(one, piece, sizeof piece, 0);
        if (got <= 0) break;
        head.append(piece, static_cast<std::size_t>(got));
      }
      const auto number = static_cast<std::size_t>(requests_++);
      const std::string& answer = answers_[std::min(number, answers_.size() - 1)];
      if (answer.empty()) {
        waiting_.push_back(one);
        continue;
      }
      ::send(one, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::close(one);
    }
  }

  const std::vector<std::string> answers_;
  int listening_;
  std::uint16_t port_;
  std::atomic<int> requests_{0};
  std::vector<int> waiting_;
  std::thread thread_;
};

const std::string kAway = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
const std::string kGood = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Kind: good\r\n\r\ngood";

OutboundRequest get(std::string url) {
  OutboundRequest request;
  request.url = std::move(url);
  return request;
}

OutboundRequest post(std::string url, std::string body) {
  OutboundRequest request = get(std::move(url));
  request.method = "POST";
  request.headers = {{"Content-Type", "application/json"}};
  request.body = std::move(body);
  return request;
}

struct Sent {
  OutboundOutcome outcome;
  OutboundAnswer answer;
};

Sent send(OutboundClient& client, const OutboundRequest& request) {
  Sent sent{};
  sent.outcome = client.send(request, sent.answer);
  return sent;
}

TEST(Outbound, BringsBackStatusHeadersAndBody) {
  TestServer server;
  server.add_usual_routes();
  server.start();
  OutboundClient client({});
  const std::string base = "http://127.0.0.1:" + std::to_string(server.port());
  const Sent got = send(client, get(base + "/text"));
  EXPECT_EQ(got.outcome, OutboundOutcome::answered);
  EXPECT_EQ(got.answer.status, 200);
  EXPECT_EQ(got.answer.body, R"({"ok":true})");
  ASSERT_NE(got.answer.header("content-TYPE"), nullptr);
  EXPECT_EQ(*got.answer.header("content-TYPE"), "application/json");
  EXPECT_EQ(send(client, post(base + "/echo", R"("said")")).answer.body, R"("said")");
  EXPECT_EQ(send(client, get(base + "/nowhere")).answer.status, 404);
}

TEST(Outbound, RefusesWhatIsNoRequest) {
  OutboundClient client({});
  for (const char* url : {"", "ftp://example.org/", "http://", "http://user@example.org/",
                          "http://example.org/a b", "http://example.org/\r\nX: y"}) {
    EXPECT_EQ(send(client, get(url)).outcome, OutboundOutcome::invalid) << url;
  }
  for (const OutboundHeaders::value_type& header :
       {OutboundHeaders::value_type{"X", "a\r\nY: b"}, {"X Y", "a"}, {"Host", "other.example"}}) {
    OutboundRequest request = get("http://127.0.0.1/");
    request.headers = {header};
    EXPECT_EQ(send(client, request).outcome, OutboundOutcome::invalid) << header.first;
  }
}

TEST(Outbound, RepeatsWhatMayBeRepeatedAndNothingElse) {
  OutboundClient client({});
  ScriptedServer first({kAway, kAway, kGood});
  EXPECT_EQ(send(client, get(first.url())).answer.body, "good");
  EXPECT_EQ(first.requests(), 3);

  ScriptedServer second({kAway, kGood});
  EXPECT_EQ(send(client, post(second.url(), "{}")).answer.status, 503);
  EXPECT_EQ(second.requests(), 1);

  ScriptedServer third({kAway, kGood});
  OutboundRequest keyed = post(third.url(), "{}");
  keyed.is_repeatable = true;
  EXPECT_EQ(send(client, keyed).answer.status, 200);
}

TEST(Outbound, DoesNotTakeHalfAnAnswerForOne) {
  ScriptedServer server({"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nhalf"});
  OutboundClient client({});
  const Sent sent = send(client, get(server.url()));
  EXPECT_EQ(sent.outcome, OutboundOutcome::unreachable);
  EXPECT_EQ(sent.answer.body, "");
}

TEST(Outbound, EndsAtItsTimeHoweverSlowTheServerIs) {
  ScriptedServer server({""});
  OutboundClient client({});
  OutboundRequest request = get(server.url());
  request.timeout = 150ms;
  const auto start = MonotonicClock::now();
  EXPECT_EQ(send(client, request).outcome, OutboundOutcome::timed_out);
  EXPECT_LT(MonotonicClock::now() - start, 2s);
}

TEST(Outbound, BoundsTheAnswer) {
  ScriptedServer told({"HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\nx"});
  ScriptedServer untold({"HTTP/1.1 200 OK\r\n\r\n" + std::string(3000, 'x')});
  OutboundClient client({});
  OutboundRequest request = get(told.url());
  request.answer_bytes_max = 1000;
  EXPECT_EQ(send(client, request).outcome, OutboundOutcome::too_long);
  request.url = untold.url();
  EXPECT_EQ(send(client, request).outcome, OutboundOutcome::too_long);
}

TEST(Outbound, BoundsHowManyAreUnderWay) {
  ScriptedServer server({""});
  OutboundClient::Options options;
  options.in_flight_max = 1;
  OutboundClient client(options);
  std::thread other([&] {
    OutboundRequest request = get(server.url());
    request.timeout = 1s;
    request.attempts_max = 1;
    send(client, request);
  });
  while (server.requests() == 0) std::this_thread::yield();
  EXPECT_EQ(send(client, get(server.url())).outcome, OutboundOutcome::at_limit);
  other.join();
}

TEST(Outbound, FollowsRedirectsOnlyWhereAsked) {
  ScriptedServer target({kGood});
  ScriptedServer server({"HTTP/1.1 302 Found\r\nLocation: " + target.url("/there") +
                         "\r\nContent-Length: 0\r\n\r\n"});
  OutboundClient client({});
  OutboundRequest request = get(server.url());
  EXPECT_EQ(send(client, request).answer.status, 302);
  request.redirects_max = 1;
  EXPECT_EQ(send(client, request).answer.body, "good");
  request.method = "POST";
  EXPECT_EQ(send(client, request).answer.status, 302);
}

TEST(Outbound, StopsAtACircleOfRedirects) {
  ScriptedServer server({"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"});
  OutboundClient client({});
  OutboundRequest request = get(server.url());
  request.redirects_max = 4;
  EXPECT_EQ(send(client, request).answer.status, 302);
  EXPECT_EQ(server.requests(), 5);
}

TEST(Outbound, LeavesAFailingServerAloneAndComesBack) {
  ScriptedServer server({kAway, kAway, kGood});
  OutboundClient::Options options;
  options.circuit.failures_max = 2;
  options.circuit.pause = 100ms;
  OutboundClient client(options);
  OutboundRequest request = get(server.url());
  request.attempts_max = 1;
  EXPECT_EQ(send(client, request).answer.status, 503);
  EXPECT_EQ(send(client, request).answer.status, 503);
  EXPECT_EQ(send(client, request).outcome, OutboundOutcome::circuit_open);
  EXPECT_EQ(server.requests(), 2);
  const auto end = MonotonicClock::now() + 5s;
  Sent sent{};
  while (sent.outcome = client.send(request, sent.answer), sent.answer.status != 200) {
    ASSERT_LT(MonotonicClock::now(), end);
    std::this_thread::yield();
  }
  EXPECT_EQ(send(client, request).answer.status, 200);
}

// On a loop's fiber, which a handler's request would cancel.
TEST(Outbound, EndsWithTheRequestThatAsked) {
  ScriptedServer server({""});
  OutboundClient client({});
  EventLoop loop(EventLoop::Options{});
  std::optional<OutboundOutcome> outcome;
  Fiber* asking = nullptr;
  loop.post([&] {
    asking = loop.spawn([&] {
      OutboundAnswer answer;
      outcome = client.send(get(server.url()), answer);
      loop.stop();
    });
    loop.spawn([&] {
      while (server.requests() == 0) sleep_for(1ms);
      asking->cancel();
    });
  });
  loop.run();
  EXPECT_EQ(outcome, OutboundOutcome::cancelled);
}

TEST(Outbound, CountsByServerAndResult) {
  ScriptedServer server({kGood});
  OutboundClient client({});
  send(client, get(server.url("/a?secret=1")));
  send(client, get(server.url("/b")));
  const OutboundClient::Stats stats = client.stats();
  ASSERT_EQ(stats.requests.size(), 1u);
  EXPECT_EQ(stats.requests.begin()->first.second, "2xx");
  EXPECT_EQ(stats.requests.begin()->second, 2u);
}

class OutboundTls : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = std::filesystem::path(::testing::TempDir()) /
             ("calixo-outbound-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    server.options.tls_certificate_file = (folder / "certificate.pem").string();
    server.options.tls_private_key_file = (folder / "key.pem").string();
    write_certificate(server.options.tls_certificate_file, server.options.tls_private_key_file);
    server.add_usual_routes();
    server.start();
    trusting.ca_file = server.options.tls_certificate_file;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  OutboundRequest request(const std::string& host) const {
    return get("https://" + host + ":" + std::to_string(server.port()) + "/text");
  }
  std::filesystem::path folder;
  TestServer server;
  OutboundClient::Options trusting;
};

TEST_F(OutboundTls, TakesACertificateThatItsAuthoritySigned) {
  OutboundClient client(trusting);
  EXPECT_EQ(send(client, request("localhost")).answer.status, 200);
}

TEST_F(OutboundTls, RefusesACertificateOfAnUnknownAuthority) {
  OutboundClient client({});
  EXPECT_EQ(send(client, request("localhost")).outcome, OutboundOutcome::unreachable);
}

TEST_F(OutboundTls, RefusesACertificateOfAnotherName) {
  OutboundClient client(trusting);
  EXPECT_EQ(send(client, request("127.0.0.1")).outcome, OutboundOutcome::unreachable);
}

TEST_F(OutboundTls, NamesTheKeyOfAFileWithoutAuthorities) {
  trusting.ca_file = (folder / "absent.pem").string();
  try {
    OutboundClient client(trusting);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("outbound.ca_file"), std::string::npos);
  }
}

}  // namespace
}  // namespace calixo::host::test
