// Accepts from one listening socket and deals the connections out to the loops, to the one with the
// fewest. Lives on the first loop.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "runtime/event_loop.hpp"

struct sockaddr_storage;

namespace calixo::host {

class LoopServer;
struct ServerContext;

class Acceptor final : public EventLoop::Watcher {
 public:
  // descriptor is listening, non-blocking and the caller's.
  Acceptor(ServerContext& server, std::vector<LoopServer*> loops, int descriptor);
  ~Acceptor();

  void start();  // [loop]
  void stop();   // [loop]
  void on_ready(std::uint32_t events) override;

 private:
  bool accept_one();
  bool accept_without_descriptors();
  void deal(int descriptor, const sockaddr_storage& peer);

  ServerContext& server_;
  std::vector<LoopServer*> loops_;
  int listening_;
  int reserve_;  // given up for a moment where the process has no descriptor left
  std::size_t next_ = 0;
};

}  // namespace calixo::host
