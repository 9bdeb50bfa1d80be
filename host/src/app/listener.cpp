#include "app/listener.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace calixo::host {
namespace {

constexpr int kBacklog = 4096;  // capped by net.core.somaxconn
constexpr std::chrono::milliseconds kPatience{2000};
constexpr std::chrono::milliseconds kBetweenTries{20};

// After a kill -9 of the server, its orphaned worker may hold the socket for a moment more.
void bind_patiently(Poco::Net::ServerSocket& socket, const Poco::Net::SocketAddress& address) {
  constexpr bool kReuseAddress = true, kReusePort = false;  // a second server would share it
  const auto end = std::chrono::steady_clock::now() + kPatience;
  for (;;) {
    try {
      return socket.bind(address, kReuseAddress, kReusePort);
    } catch (const Poco::Net::NetException&) {
      if (std::chrono::steady_clock::now() >= end) throw;
    }
    std::this_thread::sleep_for(kBetweenTries);
  }
}

}  // namespace

Listener::Listener(const std::string& host, std::uint16_t port) {
  try {
    bind_patiently(socket_, Poco::Net::SocketAddress(host, port));
    socket_.listen(kBacklog);
    socket_.setBlocking(false);
  } catch (const Poco::Exception& error) {
    throw std::runtime_error("can't listen on " + host + ":" + std::to_string(port) + ": " +
                             error.displayText() +
                             "; stop what holds the port, or choose another with http.port");
  }
}

int Listener::descriptor() const { return socket_.impl()->sockfd(); }
std::string Listener::address() const { return socket_.address().toString(); }

}  // namespace calixo::host
