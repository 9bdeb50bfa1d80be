#include "app/listener.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>

#include <stdexcept>

namespace calixo::host {
namespace {

constexpr int kBacklog = 4096;  // capped by net.core.somaxconn

}  // namespace

Listener::Listener(const std::string& host, std::uint16_t port) {
  try {
    constexpr bool kReuseAddress = true, kReusePort = false;  // a second server would share it
    socket_.bind(Poco::Net::SocketAddress(host, port), kReuseAddress, kReusePort);
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
