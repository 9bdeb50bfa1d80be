// Reading and writing without waiting; see the header.
#include "http/transport.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace calixo::host {
namespace {

Transport::Result socket_failure() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? Transport::Result::would_block
                                                                   : Transport::Result::failed;
}

int clamp(std::size_t size) { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

}  // namespace

Transport::Transport(int descriptor, ssl_ctx_st* tls)
    : descriptor_(descriptor), is_secure_(tls != nullptr) {
  if (!is_secure_) return;
  tls_ = SSL_new(tls);
  if (tls_ == nullptr) return;  // out of memory: the handshake will fail
  SSL_set_fd(tls_, descriptor);
  SSL_set_accept_state(tls_);
}

Transport::~Transport() { close(); }

Transport::Result Transport::tls_result(int returned) {
  switch (SSL_get_error(tls_, returned)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
      return Result::would_block;
    case SSL_ERROR_ZERO_RETURN:
      return Result::closed;
    default:
      return Result::failed;
  }
}

Transport::Result Transport::handshake() {
  if (!is_secure_) return Result::done;
  if (tls_ == nullptr) return Result::failed;
  ERR_clear_error();
  const int returned = SSL_do_handshake(tls_);
  return returned == 1 ? Result::done : tls_result(returned);
}

Transport::Result Transport::read(std::span<char> buffer, std::size_t& size) {
  size = 0;
  if (tls_ != nullptr) {
    ERR_clear_error();
    const int got = SSL_read(tls_, buffer.data(), clamp(buffer.size()));
    if (got <= 0) return tls_result(got);
    size = static_cast<std::size_t>(got);
    return Result::done;
  }
  const ssize_t got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (got < 0) return socket_failure();
  if (got == 0) return Result::closed;
  size = static_cast<std::size_t>(got);
  return Result::done;
}

Transport::Result Transport::write(std::string_view bytes, std::size_t& size) {
  size = 0;
  if (tls_ != nullptr) {
    ERR_clear_error();
    const int put = SSL_write(tls_, bytes.data(), clamp(bytes.size()));
    if (put <= 0) return tls_result(put);
    size = static_cast<std::size_t>(put);
    return Result::done;
  }
  const ssize_t put = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (put < 0) return socket_failure();
  size = static_cast<std::size_t>(put);
  return Result::done;
}

void Transport::shut_down_writing() {
  if (tls_ != nullptr && SSL_is_init_finished(tls_) != 0) {
    ERR_clear_error();
    SSL_shutdown(tls_);
  }
  if (descriptor_ >= 0) ::shutdown(descriptor_, SHUT_WR);
}

void Transport::close() {
  if (tls_ != nullptr) SSL_free(tls_);
  tls_ = nullptr;
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace calixo::host
