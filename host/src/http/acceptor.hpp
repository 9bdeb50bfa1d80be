// Accepts from one listening socket and deals the connections out to the loops, to the one with the
// fewest that nothing holds. Each loop has one; the first loop's works, the others stand in for it.
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
  // Accepts on `own`. descriptor is listening, non-blocking and the caller's.
  Acceptor(ServerContext& server, LoopServer& own, std::vector<LoopServer*> loops, int descriptor);
  ~Acceptor();

  void start();  // again without effect. [loop]
  void stop();   // for good. [loop]
  EventLoop& loop();
  void on_ready(std::uint32_t events) override;

 private:
  bool accept_one();
  bool accept_without_descriptors();
  void deal(int descriptor, const sockaddr_storage& peer);

  LoopServer& choose();

  ServerContext& server_;
  LoopServer& own_;
  std::vector<LoopServer*> loops_;
  int listening_;
  int reserve_;  // given up for a moment where the process has no descriptor left
  std::size_t next_ = 0;
  bool is_started_ = false;
  bool is_stopped_ = false;
};

}  // namespace calixo::host
