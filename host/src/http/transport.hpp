// A connected, non-blocking socket with or without TLS. Owns the descriptor. Not thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace calixo::host {

class Transport {
 public:
  enum class Result { done, would_block, closed, failed };

  // tls: nullptr for plain HTTP. Takes the descriptor over.
  Transport(int descriptor, ssl_ctx_st* tls);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  int descriptor() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  bool is_secure() const { return is_secure_; }

  Result handshake();  // done at once without TLS
  // done: size bytes were read or written. closed: the peer sends no more.
  Result read(std::span<char> buffer, std::size_t& size);
  Result write(std::string_view bytes, std::size_t& size);
  // Whether a read that filled less than its buffer has emptied the socket.
  bool is_drained_by_short_read() const { return !is_secure_; }

  void shut_down_writing();
  void close();

 private:
  Result tls_result(int returned);

  int descriptor_;
  bool is_secure_;
  ssl_st* tls_ = nullptr;
};

}  // namespace calixo::host
