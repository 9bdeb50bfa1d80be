#include "runtime/inbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace calixo::host {

Inbox::Inbox() : wake_descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (wake_descriptor_ < 0) throw std::system_error(errno, std::system_category(), "eventfd");
}

Inbox::~Inbox() { ::close(wake_descriptor_); }

void Inbox::post(Task task) {
  // The wake-up is written under the lock: after it the loop may run the task, end and be gone.
  const std::lock_guard lock(mutex_);
  posted_.push_back(std::move(task));
  has_tasks_.store(true, std::memory_order_release);
  if (!is_asleep_) return;
  is_asleep_ = false;
  const std::uint64_t one = 1;
  // Fails only where the counter is full, and then the descriptor is readable anyway.
  [[maybe_unused]] const ssize_t written = ::write(wake_descriptor_, &one, sizeof one);
}

bool Inbox::prepare_sleep() {
  const std::lock_guard lock(mutex_);
  is_asleep_ = posted_.empty();
  return is_asleep_;
}

void Inbox::woken() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t read = ::read(wake_descriptor_, &count, sizeof count);
}

void Inbox::take_posted() {
  const std::lock_guard lock(mutex_);
  is_asleep_ = false;
  running_.swap(posted_);
  has_tasks_.store(false, std::memory_order_release);
}

}  // namespace calixo::host
