// Bodies in pieces, both ways, and answers that outlive their handler.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "test_client.hpp"
#include "test_server.hpp"

namespace calixo::host::test {
namespace {

using std::chrono_literals::operator""ms;

struct ClosedFlag final : ParkedStream::Events {
  void on_writable() override { ++writable; }
  void on_closed() override { ++closed; }
  std::atomic<int> writable{0}, closed{0};
};

class Streams : public ::testing::Test {
 protected:
  void SetUp() override {
    server.options.stream_buffer_bytes_max = 64 * 1024;
    server.options.body_bytes_max = 1000;
    server.add_usual_routes();
    for (const bool on_thread : {false, true}) add_routes(on_thread);
    server
        .route("GET", "/park",
               [this](Exchange& exchange) {
                 exchange.begin(200, "text/event-stream", -1);
                 exchange.write("first\n");
                 std::shared_ptr<ParkedStream> stream;
                 EXPECT_EQ(exchange.park(events, stream), StreamStatus::ok);
                 const std::lock_guard lock(mutex);
                 parked = stream;
                 changed.notify_all();
               })
        .produces = "text/event-stream";
    server.start();
  }

  void add_routes(bool on_thread) {
    const std::string prefix = on_thread ? "/thread" : "/fiber";
    Route& upload = server.route("POST", prefix + "/count", [](Exchange& exchange) {
      char buffer[5000];
      std::size_t size = 0, total = 0;
      StreamStatus status;
      while ((status = exchange.read(buffer, size)) == StreamStatus::ok && size > 0) total += size;
      if (status == StreamStatus::limit) return;  // the server says 413
      if (status != StreamStatus::ok) return;
      exchange.respond(200, "text/plain", std::to_string(total));
    });
    upload.stream_body = true;
    upload.body_bytes_max = 64 * 1024 * 1024;
    upload.produces = "text/plain";
    upload.exec_thread = on_thread;
    Route& endless = server.route("GET", prefix + "/endless", [this](Exchange& exchange) {
      exchange.begin(200, "text/plain", -1);
      const std::string piece(16 * 1024, 'x');
      while (exchange.write(piece) == StreamStatus::ok) written += piece.size();
      ended = true;
    });
    endless.produces = "text/plain";
    endless.exec_thread = on_thread;
    Route& pieces = server.route("GET", prefix + "/pieces", [](Exchange& exchange) {
      const bool sized = exchange.query_string() == "sized";
      exchange.begin(200, "text/plain", sized ? 300'000 : -1);
      for (int i = 0; i < 300; ++i)
        exchange.write(std::string(1000, static_cast<char>('a' + i % 26)));
    });
    pieces.produces = "text/plain";
    pieces.exec_thread = on_thread;
  }

  std::shared_ptr<ParkedStream> await_parked() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return parked != nullptr; });
    return parked;
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::shared_ptr<ParkedStream> parked;
  ClosedFlag events;
  std::atomic<std::uint64_t> written{0};
  std::atomic<bool> ended{false};
  TestServer server;
};

TEST_F(Streams, ReadABodyLargerThanAnyBuffer) {
  for (const char* prefix : {"/fiber", "/thread"}) {
    Client client(server.port());
    client.send(std::string("POST ") + prefix +
                "/count HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n");
    const std::string piece(100'000, 'x');
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(client.send(piece));
    EXPECT_EQ(client.read_answer().body, "20000000");
    EXPECT_EQ(client.get("/text").status, 200);
  }
}

TEST_F(Streams, ReadAChunkedBodyThatStartsWithTheHead) {
  Client client(server.port());
  EXPECT_EQ(client
                .ask("POST /fiber/count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\nGET /text HTTP/1.1\r\nHost: a\r\n\r\n")
                .body,
            "7");
  EXPECT_EQ(client.read_answer().body, R"({"ok":true})");
}

TEST_F(Streams, ReportABodyPastItsLimit) {
  Client client(server.port());
  client.send("POST /fiber/count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "100000\r\n" + std::string(0x100000, 'x') + "\r\n";
  for (int i = 0; i < 70; ++i) {
    if (!client.send(chunk)) break;
  }
  EXPECT_EQ(client.read_answer().status, 413);
}

TEST_F(Streams, ReportABrokenChunkInsideAStreamedBody) {
  Client client(server.port());
  const Answer answer = client.ask(
      "POST /fiber/count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcX");
  EXPECT_EQ(answer.status, 400);
  EXPECT_TRUE(client.is_ended());
}

TEST_F(Streams, WriteChunkedAndSizedAnswers) {
  for (const char* path :
       {"/fiber/pieces", "/thread/pieces", "/fiber/pieces?sized", "/thread/pieces?sized"}) {
    Client client(server.port());
    const Answer answer = client.get(path);
    EXPECT_TRUE(answer.is_complete);
    EXPECT_EQ(answer.body.size(), 300'000u);
    EXPECT_EQ(answer.body[299'999], static_cast<char>('a' + 299 % 26));
    EXPECT_EQ(client.get("/text").status, 200);
  }
}

TEST_F(Streams, EndWithTheConnectionForHttp10) {
  Client client(server.port());
  const Answer answer = client.ask("GET /fiber/pieces HTTP/1.0\r\n\r\n");
  EXPECT_EQ(answer.body.size(), 300'000u);
  EXPECT_FALSE(answer.has("transfer-encoding"));
}

// The writer waits for a client that reads nothing: what it got rid of is what the buffers of both
// sockets and the server's own hold, however long the answer.
TEST_F(Streams, HoldBackAWriterWhoseClientDoesNotRead) {
  for (const char* prefix : {"/fiber", "/thread"}) {
    written = 0;
    ended = false;
    Client client(server.port(), 8192);
    client.send(std::string("GET ") + prefix + "/endless HTTP/1.1\r\nHost: a\r\n\r\n");
    std::uint64_t before = 0;
    int unchanged = 0;
    while (unchanged < 20) {
      std::this_thread::sleep_for(5ms);
      unchanged = written == before && before > 0 ? unchanged + 1 : 0;
      before = written;
    }
    EXPECT_LT(written.load(), 16u * 1024 * 1024);
    EXPECT_FALSE(ended);
    client.close();
    while (!ended) std::this_thread::yield();
  }
}

TEST_F(Streams, ParkAndGoOnWithoutAFiber) {
  Client client(server.port());
  client.send("GET /park HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::shared_ptr<ParkedStream> stream = await_parked();
  while (server.stats().requests_in_flight != 0) std::this_thread::yield();
  EXPECT_EQ(server.stats().streams_parked, 1u);
  EXPECT_EQ(stream->send("second\n"), StreamStatus::ok);
  stream->close();
  const Answer answer = client.read_answer();
  EXPECT_TRUE(answer.is_complete);
  EXPECT_EQ(answer.body, "first\nsecond\n");
  while (events.closed == 0) std::this_thread::yield();
  EXPECT_EQ(stream->send("late"), StreamStatus::cancelled);
  EXPECT_EQ(client.get("/text").status, 200);
  EXPECT_EQ(events.closed, 1);
}

TEST_F(Streams, TellAParkedStreamOnceThatItsClientLeft) {
  {
    Client client(server.port());
    client.send("GET /park HTTP/1.1\r\nHost: a\r\n\r\n");
    await_parked();
    while (server.stats().requests_in_flight != 0) std::this_thread::yield();
  }
  while (events.closed == 0) std::this_thread::yield();
  EXPECT_EQ(parked->send("x"), StreamStatus::cancelled);
  server.stop();
  EXPECT_EQ(events.closed, 1);
}

TEST_F(Streams, BlockAParkedSenderAndTellItOfNewRoom) {
  Client client(server.port(), 8192);
  client.send("GET /park HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::shared_ptr<ParkedStream> stream = await_parked();
  const std::string piece(32 * 1024, 'x');
  std::size_t sent = 6;
  StreamStatus status = StreamStatus::ok;
  for (int blocked = 0; blocked < 1000;) {
    status = stream->send(piece);
    blocked = status == StreamStatus::would_block ? blocked + 1 : 0;
    if (status == StreamStatus::ok) sent += piece.size();
    std::this_thread::yield();
  }
  EXPECT_EQ(status, StreamStatus::would_block);
  EXPECT_LT(sent, 16u * 1024 * 1024);
  std::thread reader([&] { EXPECT_EQ(client.read_answer().body.size(), sent); });
  while (events.writable == 0) std::this_thread::yield();
  stream->close();
  reader.join();
}

TEST_F(Streams, EndOnceHoweverSendingClosingAndResettingMeet) {
  for (int i = 0; i < 50; ++i) {
    events.closed = 0;
    auto client = std::make_unique<Client>(server.port());
    client->send("GET /park HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::shared_ptr<ParkedStream> stream = await_parked();
    parked.reset();
    const linger at_once{1, 0};  // closing sends a reset
    ::setsockopt(client->descriptor(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    std::thread sender([&] {
      stream->send(std::string(60'000, 'x'));
      stream->close();
    });
    client.reset();
    sender.join();
    while (events.closed == 0) std::this_thread::yield();
    EXPECT_EQ(events.closed, 1);
  }
  while (server.stats().connections != 0) std::this_thread::yield();
  EXPECT_EQ(server.stats().streams_parked, 0u);
}

TEST_F(Streams, SayNothingMoreOnceForgotten) {
  Client client(server.port());
  client.send("GET /park HTTP/1.1\r\nHost: a\r\n\r\n");
  await_parked()->forget();
  EXPECT_TRUE(client.read_answer().is_complete);
  server.stop();
  EXPECT_EQ(events.closed, 0);
}

TEST_F(Streams, EndParkedStreamsWhenTheServerDrains) {
  Client client(server.port());
  client.send("GET /park HTTP/1.1\r\nHost: a\r\n\r\n");
  await_parked();
  server.stop();
  EXPECT_TRUE(client.read_answer().is_complete);
  EXPECT_EQ(events.closed, 1);
}

}  // namespace
}  // namespace calixo::host::test
