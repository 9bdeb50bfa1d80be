#include <gtest/gtest.h>

#include <vector>

#include "http/request_reader.hpp"

namespace calixo::host {
namespace {

// What a reader makes of a stream that comes in pieces of a size.
struct Reading {
  std::vector<std::string> requests;  // "METHOD target|body"
  int fault = 0;
  bool operator==(const Reading&) const = default;
};

Reading read(std::string_view stream, std::size_t piece_bytes, HeadScanner::Limits limits = {}) {
  RequestReader reader(limits);
  Reading reading;
  std::string head_bytes, kept, text;
  RequestHead head;
  head.clear();
  while (!stream.empty()) {
    kept.append(stream.substr(0, piece_bytes));
    stream.remove_prefix(std::min(piece_bytes, stream.size()));
    std::string_view input = kept, piece;
    for (bool goes_on = true; goes_on;) {
      switch (reader.next(input, head_bytes, head, piece)) {
        case RequestReader::Event::head:
          text = std::string(head.method) + " " + std::string(head.target) + "|";
          break;
        case RequestReader::Event::body:
          text += piece;
          break;
        case RequestReader::Event::end:
          reading.requests.push_back(text);
          break;
        case RequestReader::Event::fault:
          reading.fault = reader.fault().http_status;
          return reading;
        case RequestReader::Event::need_more:
          goes_on = false;
          break;
      }
    }
    kept = std::string(input);
  }
  return reading;
}

TEST(RequestReader, IgnoresOneEmptyLineBeforeEachRequest) {
  const std::string get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
  for (const std::size_t piece : {1u, 2u, 3u, 100u}) {
    const Reading twice = read("\r\n" + get + "\r\n" + get, piece);
    EXPECT_EQ(twice.requests, (std::vector<std::string>{"GET /a|", "GET /a|"}));
    EXPECT_EQ(twice.fault, 0);
    EXPECT_EQ(read("\r\n\r\n" + get, piece).fault, 400);
    EXPECT_EQ(read("\r" + get, piece).fault, 400);
    EXPECT_EQ(read("\n" + get, piece).fault, 400);
  }
}

TEST(RequestReader, ReadsTheSameWhereverTheStreamIsCut) {
  const std::string stream =
      "GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n"
      "POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
      "POST /d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;x=\"y\"\r\ndef\r\nA\r\n0123456789\r\n0\r\nT: u\r\n\r\n"
      "GET /e HTTP/1.1\r\nHost: a\r\n\r\n";
  const Reading whole = read(stream, stream.size());
  EXPECT_EQ(whole.requests, (std::vector<std::string>{"GET /a?b|", "POST /c|abc",
                                                      "POST /d|def0123456789", "GET /e|"}));
  for (std::size_t piece = 1; piece < stream.size(); ++piece) EXPECT_EQ(read(stream, piece), whole);
}

TEST(RequestReader, HoldsTheHeadToItsLimitExactly) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(read(head, 5, {head.size(), 100}).requests.size(), 1u);
  EXPECT_EQ(read(head, 5, {head.size() - 1, 100}).fault, 431);
  EXPECT_EQ(read("GET /" + std::string(100, 'a'), 7, {1000, 100}).fault, 414);
  EXPECT_EQ(read("GET /" + std::string(99, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 7, {1000, 100})
                .requests.size(),
            1u);
}

TEST(RequestReader, RefusesALineWithoutEndOnceItIsTooLong) {
  EXPECT_EQ(read(std::string(100, 'A'), 1).fault, 400);  // no method is as long
  EXPECT_EQ(read("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'a'), 1000).fault, 431);
}

TEST(RequestReader, TellsVersionsApart) {
  EXPECT_EQ(read("GET / HTTP/1.0\r\n\r\n", 3).requests.size(), 1u);
  EXPECT_EQ(read("GET / HTTP/3.0\r\n\r\n", 3).fault, 400);
  EXPECT_EQ(read("GET / HTTP/11\r\n\r\n", 3).fault, 400);
  EXPECT_EQ(read("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 3).fault, 400);
}

RequestHead parse(const std::string& bytes, ReadFault* fault = nullptr) {
  RequestHead head;
  const ReadFault found = parse_head(bytes, head);
  if (fault != nullptr) *fault = found;
  return head;
}

TEST(RequestHead, PrefersTheAuthorityOfAnAbsoluteTarget) {
  const std::string bytes = "GET http://real:81/a?b=c HTTP/1.1\r\nHost: other\r\n\r\n";
  const RequestHead head = parse(bytes);
  EXPECT_EQ(head.authority, "real:81");
  EXPECT_EQ(head.path, "/a");
  EXPECT_EQ(head.query_string, "b=c");
  const std::string bare = "GET http://real?b HTTP/1.1\r\nHost: other\r\n\r\n";
  EXPECT_EQ(parse(bare).path, "/");
}

TEST(RequestHead, DecidesPersistence) {
  const auto keeps = [](const std::string& version, const std::string& fields) {
    const std::string bytes = "GET / HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n";
    return parse(bytes).keep_alive;
  };
  EXPECT_TRUE(keeps("1.1", ""));
  EXPECT_FALSE(keeps("1.1", "Connection: Close\r\n"));
  EXPECT_FALSE(keeps("1.1", "Connection: keep-alive, close\r\n"));
  EXPECT_FALSE(keeps("1.1", "Connection: te\r\nConnection: close\r\n"));
  EXPECT_FALSE(keeps("1.0", ""));
  EXPECT_TRUE(keeps("1.0", "Connection: keep-alive\r\n"));
}

TEST(RequestHead, TrimsValuesAndKnowsFieldsByAnyCase) {
  const std::string bytes = "GET / HTTP/1.1\r\nhOsT: \t a \t\r\nX-REQUEST-ID: b\r\n\r\n";
  const RequestHead head = parse(bytes);
  EXPECT_EQ(head.value(HeaderId::host), "a");
  EXPECT_EQ(head.value(HeaderId::x_request_id), "b");
}

TEST(Authority, IsAHostWithAPort) {
  for (const char* good : {"a", "a:80", "a.b-c_d:65535", "127.0.0.1", "[::1]", "[::1]:8080",
                           "a:", "%41.b", "xn--nxasmq6b"}) {
    EXPECT_TRUE(is_valid_authority(good)) << good;
  }
  for (const char* bad : {"", ":80", "a:65536", "a:b", "a b", "a/b", "a@b", "[::1", "[]", "[::1]x",
                          "a,b", "a?b", "%4", "[g]", "a:80:80", "::1"}) {
    EXPECT_FALSE(is_valid_authority(bad)) << bad;
  }
}

}  // namespace
}  // namespace calixo::host
