// Accepting; see the header.
#include "http/acceptor.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "http/loop_server.hpp"
#include "log/log.hpp"

namespace calixo::host {
namespace {

constexpr int kBatch = 64;                  // then other descriptors get their turn
constexpr std::uint64_t kSurplusMax = 256;  // connections past the limit that still get a 503

int open_reserve() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

std::string address_text(const sockaddr_storage& peer) {
  char text[INET6_ADDRSTRLEN] = "";
  if (peer.ss_family == AF_INET) {
    const auto& address = reinterpret_cast<const sockaddr_in&>(peer);
    inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
  } else if (peer.ss_family == AF_INET6) {
    const auto& address = reinterpret_cast<const sockaddr_in6&>(peer);
    if (IN6_IS_ADDR_V4MAPPED(&address.sin6_addr)) {
      inet_ntop(AF_INET, address.sin6_addr.s6_addr + 12, text, sizeof text);
    } else {
      inet_ntop(AF_INET6, &address.sin6_addr, text, sizeof text);
    }
  }
  return text;  // empty for a UNIX socket
}

}  // namespace

Acceptor::Acceptor(ServerContext& server, LoopServer& own, std::vector<LoopServer*> loops,
                   int descriptor)
    : server_(server),
      own_(own),
      loops_(std::move(loops)),
      listening_(descriptor),
      reserve_(open_reserve()) {}

Acceptor::~Acceptor() {
  if (reserve_ >= 0) ::close(reserve_);
}

EventLoop& Acceptor::loop() { return own_.loop(); }

void Acceptor::start() {
  if (is_stopped_ || std::exchange(is_started_, true)) return;
  loop().watch(listening_, EPOLLIN, this);
}

void Acceptor::stop() {
  is_stopped_ = true;
  if (is_started_) loop().unwatch(listening_, this);
}

void Acceptor::on_ready(std::uint32_t) {
  for (int count = 0; count < kBatch && accept_one(); ++count) {
  }
}

bool Acceptor::accept_one() {
  sockaddr_storage peer{};
  socklen_t peer_size = sizeof peer;
  const int descriptor = ::accept4(listening_, reinterpret_cast<sockaddr*>(&peer), &peer_size,
                                   SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor >= 0) {
    deal(descriptor, peer);
    return true;
  }
  if (errno == EMFILE || errno == ENFILE) return accept_without_descriptors();
  return errno == EINTR || errno == ECONNABORTED;
}

// A connection that can't be accepted would keep the loop spinning: it is taken and dropped.
bool Acceptor::accept_without_descriptors() {
  if (reserve_ < 0) return false;
  ::close(reserve_);
  const int descriptor = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
  // Counted first: who sees the end of the connection finds it in the metrics.
  own_.counters().refused_overload.add();
  if (descriptor >= 0) ::close(descriptor);
  reserve_ = open_reserve();
  log::warn("connection refused: no file descriptor left",
            {{"connections", server_.connections.load(std::memory_order_relaxed)}});
  return descriptor >= 0;
}

void Acceptor::deal(int descriptor, const sockaddr_storage& peer) {
  const std::uint64_t present = server_.connections.fetch_add(1, std::memory_order_relaxed);
  const bool is_surplus = present >= server_.options.connections_max;
  if (present >= server_.options.connections_max + kSurplusMax) {
    own_.counters().refused_overload.add();
    ::close(descriptor);
    server_.forget_connections(1);
    return;
  }
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  LoopServer& chosen = choose();
  chosen.load.fetch_add(1, std::memory_order_relaxed);
  chosen.loop().post([&chosen, descriptor, address = address_text(peer), is_surplus]() mutable {
    chosen.adopt(descriptor, std::move(address), is_surplus);
  });
}

LoopServer& Acceptor::choose() {
  const auto cost = [](LoopServer* of) {
    return std::pair(of->loop().held_for().count() > 0, of->load.load(std::memory_order_relaxed));
  };
  LoopServer* chosen = loops_[next_];
  for (LoopServer* candidate : loops_) {
    if (cost(candidate) < cost(chosen)) chosen = candidate;
  }
  next_ = (next_ + 1) % loops_.size();
  return *chosen;
}

}  // namespace calixo::host
