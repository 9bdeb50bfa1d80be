// The socket that the supervisor holds and its workers inherit.
#pragma once

#include <Poco/Net/ServerSocket.h>

#include <cstdint>
#include <string>

namespace calixo::host {

class Listener {
 public:
  // Binds and listens, non-blocking. Port 0: any free one. Throws std::runtime_error that says who
  // may hold the port and how to choose another.
  Listener(const std::string& host, std::uint16_t port);

  int descriptor() const;
  std::string address() const;  // "127.0.0.1:8080"

 private:
  Poco::Net::ServerSocket socket_;
};

}  // namespace calixo::host
