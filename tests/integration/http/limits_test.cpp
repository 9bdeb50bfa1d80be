// Every limit of HttpOptions, its status and its count.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <condition_variable>
#include <mutex>

#include "runtime/completion.hpp"
#include "test_client.hpp"
#include "test_server.hpp"

namespace calixo::host::test {
namespace {

using std::chrono_literals::operator""ms;

// Handlers wait here until the test lets them go on; they suspend, the loop does not.
class Gate {
 public:
  void wait() {
    Completion opened;
    {
      const std::lock_guard lock(mutex_);
      ++arrived_;
      changed_.notify_all();
      if (is_open_) return;
      waiting_.push_back(opened.handle());
    }
    opened.wait();
  }
  void await_arrivals(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    for (const auto& handle : waiting_) handle.complete();
    waiting_.clear();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool is_open_ = false;
  std::vector<Completion::Handle> waiting_;
};

class Limits : public ::testing::Test {
 protected:
  void start() {
    server.add_usual_routes();
    server.route("GET", "/wait", [this](Exchange& exchange) {
      gate.wait();
      if (!exchange.is_cancelled()) exchange.respond(200, "application/json", "{}");
    });
    server
        .route("GET", "/large",
               [](Exchange& exchange) {
                 exchange.respond(200, "application/octet-stream",
                                  std::string(64 * 1024 * 1024, 'x'));
               })
        .produces = "*/*";
    server.start();
  }
  Gate gate;
  TestServer server;
};

TEST_F(Limits, OfTheHead) {
  server.options.head_bytes_max = 4096;
  start();
  Client client(server.port());
  const std::string fields = "X: " + std::string(5'000, 'a') + "\r\n";
  EXPECT_EQ(client.get("/text", fields).status, 431);
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(server.stats().refused_head_too_large, 1u);
}

TEST_F(Limits, OfTheTarget) {
  start();
  Client client(server.port());
  EXPECT_EQ(client.get("/" + std::string(9'000, 'a')).status, 414);
  EXPECT_TRUE(client.is_ended());
}

TEST_F(Limits, OfTheBodyBeforeItIsRead) {
  server.options.body_bytes_max = 1000;
  start();
  Client client(server.port());
  const Answer answer = client.ask(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Content-Length: 1001\r\n\r\n");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(server.stats().refused_body_too_large, 1u);
}

TEST_F(Limits, OfTheBodyWhileItComesInChunks) {
  server.options.body_bytes_max = 1000;
  start();
  Client client(server.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 300; ++i) client.send("8\r\nabcdefgh\r\n");
  EXPECT_EQ(client.read_answer().status, 413);
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(server.stats().refused_body_too_large, 1u);
}

TEST_F(Limits, OfTheTimeForAHead) {
  server.options.header_timeout = 50ms;
  start();
  Client client(server.port());
  client.send("GET /text HTTP/1.1\r\nHo");
  EXPECT_EQ(client.read_answer().status, 408);
  EXPECT_TRUE(client.is_ended());
  EXPECT_EQ(server.stats().timed_out_header, 1u);
}

TEST_F(Limits, OfTheTimeForABody) {
  server.options.body_timeout = 50ms;
  start();
  Client client(server.port());
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
      "Content-Length: 9\r\n\r\nab");
  EXPECT_EQ(client.read_answer().status, 408);
  EXPECT_EQ(server.stats().timed_out_body, 1u);
}

TEST_F(Limits, OfTheTimeBetweenRequests) {
  server.options.idle_timeout = 50ms;
  start();
  Client client(server.port());
  EXPECT_EQ(client.get("/text").status, 200);
  EXPECT_TRUE(client.is_ended());
}

TEST_F(Limits, OfTheTimeForAnAnswer) {
  server.options.request_deadline = 50ms;
  start();
  Client client(server.port());
  const Answer answer = client.get("/wait");
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.body.find("deadline_exceeded"), std::string::npos);
  EXPECT_TRUE(answer.has("retry-after"));
  EXPECT_EQ(server.stats().timed_out_request, 1u);
  EXPECT_EQ(client.get("/text").status, 200);
}

TEST_F(Limits, OfTheTimeThatAClientTakesNothing) {
  server.options.write_timeout = 50ms;
  server.options.answer_bytes_max = 1 << 30;
  start();
  Client client(server.port(), 4096);
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  while (server.stats().timed_out_write == 0) std::this_thread::yield();
  EXPECT_FALSE(client.read_answer().is_complete);
}

TEST_F(Limits, OfRequestsInFlight) {
  server.options.requests_in_flight_max = 2;
  start();
  Client first(server.port()), second(server.port()), third(server.port());
  for (Client* client : {&first, &second}) client->send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  gate.await_arrivals(2);
  EXPECT_EQ(server.stats().requests_in_flight, 2u);
  const Answer refused = third.get("/text");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_EQ(server.stats().refused_overload, 1u);
  gate.open();
  EXPECT_EQ(first.read_answer().status, 200);
  EXPECT_EQ(second.read_answer().status, 200);
  EXPECT_EQ(third.get("/text").status, 200);
}

TEST_F(Limits, OfConnections) {
  server.options.connections_max = 2;
  start();
  Client first(server.port()), second(server.port());
  EXPECT_EQ(first.get("/text").status, 200);
  EXPECT_EQ(second.get("/text").status, 200);
  Client third(server.port());
  const Answer refused = third.get("/text");
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.has("retry-after"));
  EXPECT_TRUE(third.is_ended());
  EXPECT_EQ(first.get("/text").status, 200);
}

TEST_F(Limits, OfFileDescriptorsCostTheConnectionAndNotTheServer) {
  start();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int lowest_free = ::dup(socket);
  ::close(lowest_free);
  rlimit exhausted = before;
  exhausted.rlim_cur = static_cast<rlim_t>(lowest_free);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &exhausted), 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  char byte = 0;
  EXPECT_LE(::recv(socket, &byte, 1, 0), 0);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ::close(socket);
  EXPECT_GE(server.stats().refused_overload, 1u);
  Client client(server.port());
  EXPECT_EQ(client.get("/text").status, 200);
}

TEST_F(Limits, EndAHandlerWhoseClientResets) {
  start();
  {
    Client client(server.port());
    client.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    gate.await_arrivals(1);
    const linger at_once{1, 0};  // closing sends a reset
    ::setsockopt(client.descriptor(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  while (server.stats().connections != 0) std::this_thread::yield();
  EXPECT_EQ(server.stats().requests_in_flight, 0u);
}

TEST_F(Limits, DrainLetsRunningRequestsEndAndClosesIdleConnections) {
  server.options.drain_timeout = 60'000ms;
  server.options.drain_idle_time = 50ms;
  start();
  Client idle(server.port()), busy(server.port());
  EXPECT_EQ(idle.get("/text").status, 200);
  busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  gate.await_arrivals(1);
  std::thread drain([this] { server.server().drain(); });
  EXPECT_TRUE(idle.is_ended());
  gate.open();
  const Answer answer = busy.read_answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("connection"), "close");
  drain.join();
  EXPECT_EQ(server.stats().connections, 0u);
}

TEST_F(Limits, DrainServesOneMoreRequestOfAnIdleAndTheFirstOfANewConnection) {
  server.options.drain_timeout = server.options.drain_idle_time = 60'000ms;
  start();
  Client kept(server.port()), fresh(server.port());
  EXPECT_EQ(kept.get("/text").status, 200);
  while (server.stats().connections != 2) std::this_thread::yield();
  std::thread drain([this] { server.server().drain(); });
  Answer answer;
  do {  // the first answer that closes tells that the drain has begun
    answer = kept.get("/text");
    ASSERT_EQ(answer.status, 200);
  } while (answer.header("connection") != "close");
  EXPECT_TRUE(kept.is_ended());
  answer = fresh.get("/text");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("connection"), "close");
  drain.join();
}

TEST_F(Limits, AHandlerWithoutAnAnswerIsA500) {
  server.route("GET", "/silent", [](Exchange&) {});
  start();
  const Answer answer = Client(server.port()).get("/silent");
  EXPECT_EQ(answer.status, 500);
  EXPECT_NE(answer.body.find("no_answer"), std::string::npos);
}

TEST_F(Limits, AnAnswerBeyondTheLimitIsA500AndNotHeld) {
  server.options.answer_bytes_max = 1000;
  server.route("GET", "/oversized", [](Exchange& exchange) {
    EXPECT_FALSE(exchange.respond(200, "text/plain", std::string(1001, 'x')));
    EXPECT_TRUE(exchange.is_answered());
  });
  server.route("GET", "/fitting", [](Exchange& exchange) {
    EXPECT_TRUE(exchange.respond(200, "text/plain", std::string(1000, 'x')));
  });
  start();
  Client client(server.port());
  EXPECT_EQ(client.get("/fitting").status, 200);
  const Answer answer = client.get("/oversized");
  EXPECT_EQ(answer.status, 500);
  EXPECT_NE(answer.body.find("answer_too_large"), std::string::npos);
}

TEST_F(Limits, DrainCancelsWhatOutlastsIt) {
  server.options.drain_timeout = 50ms;
  start();
  Client busy(server.port());
  busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  gate.await_arrivals(1);
  server.server().drain();
  EXPECT_EQ(server.stats().connections, 0u);
  EXPECT_EQ(busy.read_answer().status, 0);
}

}  // namespace
}  // namespace calixo::host::test
