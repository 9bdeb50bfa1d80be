// TLS 1.2 and 1.3 with a certificate made for the test.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <filesystem>

#include "test_certificate.hpp"
#include "test_client.hpp"
#include "test_server.hpp"

namespace calixo::host::test {
namespace {

using std::chrono_literals::operator""ms;

// Speaks TLS of exactly one version over a Client's socket.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, int version)
      : client_(port), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_min_proto_version(context_, version);
    SSL_CTX_set_max_proto_version(context_, version);
    tls_ = SSL_new(context_);
    SSL_set_fd(tls_, client_.descriptor());
    is_connected_ = SSL_connect(tls_) == 1;
  }
  ~TlsClient() {
    SSL_free(tls_);
    SSL_CTX_free(context_);
  }
  bool is_connected() const { return is_connected_; }
  std::string version() const { return SSL_get_version(tls_); }
  void send(const std::string& bytes) {
    EXPECT_EQ(SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())),
              static_cast<int>(bytes.size()));
  }
  // Everything until the server ends the connection.
  std::string read_all() {
    std::string all;
    char bytes[16 * 1024];
    for (int got; (got = SSL_read(tls_, bytes, sizeof bytes)) > 0;) {
      all.append(bytes, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  Client client_;
  SSL_CTX* context_;
  SSL* tls_ = nullptr;
  bool is_connected_ = false;
};

class Tls : public ::testing::Test {
 protected:
  void SetUp() override {
    folder =
        std::filesystem::path(::testing::TempDir()) / ("calixo-tls-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    server.options.tls_certificate_file = (folder / "certificate.pem").string();
    server.options.tls_private_key_file = (folder / "key.pem").string();
    write_certificate(server.options.tls_certificate_file, server.options.tls_private_key_file);
    server.options.header_timeout = 200ms;
    server.add_usual_routes();
    server.route("GET", "/url", [](Exchange& exchange) {
      exchange.respond(200, "application/json", exchange.base_url());
    });
    server
        .route("GET", "/large",
               [](Exchange& exchange) {
                 exchange.respond(200, "text/plain", std::string(8 * 1024 * 1024, 'x'));
               })
        .produces = "text/plain";
    server.start();
  }
  void TearDown() override {
    server.stop();
    std::filesystem::remove_all(folder);
  }
  std::filesystem::path folder;
  TestServer server;
};

TEST_F(Tls, ServesBothVersions) {
  for (const auto& [version, name] :
       {std::pair(TLS1_2_VERSION, "TLSv1.2"), std::pair(TLS1_3_VERSION, "TLSv1.3")}) {
    TlsClient client(server.port(), version);
    ASSERT_TRUE(client.is_connected());
    EXPECT_EQ(client.version(), name);
    client.send("GET /text HTTP/1.1\r\nHost: a\r\n\r\n");
    client.send("GET /url HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const std::string answers = client.read_all();
    EXPECT_NE(answers.find(R"({"ok":true})"), std::string::npos);
    EXPECT_NE(answers.find("https://a"), std::string::npos);
  }
}

TEST_F(Tls, SendsAnswersLargerThanTheSocketTakes) {
  TlsClient client(server.port(), TLS1_3_VERSION);
  client.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_GT(client.read_all().size(), 8u * 1024 * 1024);
}

TEST_F(Tls, RefusesOlderVersions) {
  EXPECT_FALSE(TlsClient(server.port(), TLS1_1_VERSION).is_connected());
}

TEST_F(Tls, EndsAHandshakeThatStallsOrIsNone) {
  Client silent(server.port());
  EXPECT_TRUE(silent.is_ended());
  EXPECT_EQ(server.stats().timed_out_header, 1u);
  Client plain(server.port());
  plain.send("GET /text HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(plain.read_some().find("200"), std::string::npos);
}

TEST(TlsFiles, ThatCannotBeReadAreNamed) {
  TestServer server;
  server.options.tls_certificate_file = "/nowhere/certificate.pem";
  server.options.tls_private_key_file = "/nowhere/key.pem";
  try {
    server.start();
    FAIL();
  } catch (const std::runtime_error& failure) {
    EXPECT_NE(std::string(failure.what()).find("/nowhere/certificate.pem"), std::string::npos);
  }
}

}  // namespace
}  // namespace calixo::host::test
