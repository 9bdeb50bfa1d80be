// A plain blocking client that sends exactly the bytes it is given and reads answers strictly.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>

namespace calixo::host::test {

struct Answer {
  int status = 0;                                   // 0: the connection ended without one
  std::multimap<std::string, std::string> headers;  // names in lower case
  std::string body;
  bool is_complete = false;

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
  bool has(const std::string& name) const { return headers.count(name) > 0; }
};

class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer_bytes = 0) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (receive_buffer_bytes > 0) {
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                   sizeof receive_buffer_bytes);
    }
    timeval patience{20, 0};  // a hang fails the test instead of stopping it
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool is_connected() const { return is_connected_; }
  int descriptor() const { return socket_; }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  Answer ask(std::string_view bytes) {
    send(bytes);
    return read_answer();
  }
  Answer get(const std::string& target, const std::string& fields = "") {
    return ask("GET " + target + " HTTP/1.1\r\nHost: test\r\n" + fields + "\r\n");
  }

  // is_head: the answer has no body, whatever its length says.
  Answer read_answer(bool is_head = false) {
    Answer answer;
    while (buffer_.find("\r\n\r\n") == std::string::npos) {
      if (!fill()) return answer;
    }
    const std::size_t end = buffer_.find("\r\n\r\n");
    parse_head(buffer_.substr(0, end + 2), answer);
    buffer_.erase(0, end + 4);
    if (is_head || answer.status == 204 || answer.status == 304 || answer.status < 200) {
      answer.is_complete = true;
    } else if (answer.has("transfer-encoding")) {
      answer.is_complete = read_chunks(answer.body);
    } else if (answer.has("content-length")) {
      answer.is_complete = read_sized(std::stoull(answer.header("content-length")), answer.body);
    } else {
      while (fill()) {
      }
      answer.body.swap(buffer_);
      answer.is_complete = true;
    }
    return answer;
  }

  // True where the server ends the connection without another byte.
  bool is_ended() {
    if (!buffer_.empty()) return false;
    return !fill();
  }
  // The next bytes, whatever they are; empty at the end.
  std::string read_some() {
    if (buffer_.empty()) fill();
    return std::exchange(buffer_, {});
  }

  void shut_down_writing() { ::shutdown(socket_, SHUT_WR); }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

 private:
  bool fill() {
    char bytes[16 * 1024];
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }
  bool read_sized(std::size_t size, std::string& body) {
    while (buffer_.size() < size) {
      if (!fill()) return false;
    }
    body.append(buffer_, 0, size);
    buffer_.erase(0, size);
    return true;
  }
  bool read_chunks(std::string& body) {
    while (true) {
      while (buffer_.find("\r\n") == std::string::npos) {
        if (!fill()) return false;
      }
      const std::size_t end = buffer_.find("\r\n");
      const std::size_t size = std::strtoul(buffer_.c_str(), nullptr, 16);
      buffer_.erase(0, end + 2);
      std::string line_end;
      if (!read_sized(size, body) || !read_sized(2, line_end) || line_end != "\r\n") return false;
      if (size == 0) return true;
    }
  }
  static void parse_head(const std::string& head, Answer& answer) {
    answer.status = std::atoi(head.c_str() + std::strlen("HTTP/1.1 "));
    std::size_t at = head.find("\r\n") + 2;
    while (at < head.size()) {
      const std::size_t end = head.find("\r\n", at), colon = head.find(": ", at);
      std::string name = head.substr(at, colon - at);
      for (char& byte : name) byte = static_cast<char>(std::tolower(byte));
      answer.headers.emplace(name, head.substr(colon + 2, end - colon - 2));
      at = end + 2;
    }
  }

  int socket_ = -1;
  bool is_connected_ = false;
  std::string buffer_;
};

}  // namespace calixo::host::test
