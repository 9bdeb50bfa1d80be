#include "runtime/descriptor_table.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace calixo::host {

DescriptorTable::DescriptorTable() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), events_{} {
  if (epoll_ < 0) throw std::system_error(errno, std::system_category(), "epoll_create1");
}

DescriptorTable::~DescriptorTable() { ::close(epoll_); }

void DescriptorTable::watch(int descriptor, std::uint32_t events, Watcher* watcher) {
  Slot& watched = slot(descriptor);
  const Slot added{watcher, watched.generation + 1};
  control(EPOLL_CTL_ADD, descriptor, events, added.generation);
  watched = added;
}

void DescriptorTable::rewatch(int descriptor, std::uint32_t events, Watcher* watcher) {
  Slot& watched = slot(descriptor);
  control(EPOLL_CTL_MOD, descriptor, events, watched.generation);
  watched.watcher = watcher;
}

void DescriptorTable::unwatch(int descriptor, const Watcher* watcher) {
  Slot& watched = slot(descriptor);
  if (watched.watcher != watcher) return;
  watched.watcher = nullptr;
  ++watched.generation;
  // Fails where the descriptor was closed before, and epoll has forgotten it with that.
  ::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

std::span<const epoll_event> DescriptorTable::poll(int timeout_ms) {
  const int count =
      ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), timeout_ms);
  if (count >= 0) return {events_.data(), static_cast<std::size_t>(count)};
  if (errno == EINTR) return {};
  throw std::system_error(errno, std::system_category(), "epoll_wait");
}

DescriptorTable::Watcher* DescriptorTable::watcher_of(const epoll_event& event) const {
  const auto descriptor = static_cast<std::uint32_t>(event.data.u64);
  const auto generation = static_cast<std::uint32_t>(event.data.u64 >> 32);
  const Slot& watched = slots_[descriptor];
  return watched.generation == generation ? watched.watcher : nullptr;
}

void DescriptorTable::control(int operation, int descriptor, std::uint32_t events,
                              std::uint32_t generation) {
  epoll_event event{};
  event.events = events;
  event.data.u64 =
      static_cast<std::uint64_t>(generation) << 32 | static_cast<std::uint32_t>(descriptor);
  if (::epoll_ctl(epoll_, operation, descriptor, &event) != 0) {
    throw std::system_error(errno, std::system_category(), "epoll_ctl");
  }
}

DescriptorTable::Slot& DescriptorTable::slot(int descriptor) {
  if (descriptor < 0) throw std::system_error(EBADF, std::system_category(), "watched descriptor");
  const auto index = static_cast<std::size_t>(descriptor);
  if (index >= slots_.size()) slots_.resize(std::max(index + 1, 2 * slots_.size()));
  return slots_[index];
}

}  // namespace calixo::host
