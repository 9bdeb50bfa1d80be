// The watched descriptors of a loop and its epoll. A generation number in each event tells apart
// watchers that shared a descriptor's number, so that a removed one never gets a late call.
// Not thread-safe: every loop owns one.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/event_loop.hpp"

namespace calixo::host {

class DescriptorTable {
 public:
  using Watcher = EventLoop::Watcher;

  DescriptorTable();
  ~DescriptorTable();
  DescriptorTable(const DescriptorTable&) = delete;
  DescriptorTable& operator=(const DescriptorTable&) = delete;

  // std::system_error where epoll refuses the descriptor; nothing has changed then.
  void watch(int descriptor, std::uint32_t events, Watcher* watcher);
  void rewatch(int descriptor, std::uint32_t events, Watcher* watcher);
  // Nothing happens where another watcher holds the descriptor by now.
  void unwatch(int descriptor, const Watcher* watcher);

  // Waits for events; -1 is forever.
  std::span<const epoll_event> poll(int timeout_ms);
  // Who is to be called for a polled event; nullptr where the watcher was removed.
  Watcher* watcher_of(const epoll_event& event) const;

 private:
  struct Slot {
    Watcher* watcher = nullptr;
    std::uint32_t generation = 0;
  };
  static constexpr std::size_t kEventsPerPoll = 256;

  void control(int operation, int descriptor, std::uint32_t events, std::uint32_t generation);
  Slot& slot(int descriptor);

  int epoll_;
  std::vector<Slot> slots_;  // by descriptor
  std::array<epoll_event, kEventsPerPoll> events_;
};

}  // namespace calixo::host
