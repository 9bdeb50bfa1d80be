#include "app/worker_process.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>

namespace calixo::host {
namespace {

constexpr std::size_t kUnreadBytesMax = 64 * 1024;

}  // namespace

void WorkerProcess::end(std::chrono::milliseconds patience) {
  process_.signal(SIGTERM);
  kill_at_ = Clock::now() + patience;
}

bool WorkerProcess::kill_if_late(Clock::time_point now) {
  if (!kill_at_ || now < *kill_at_) return false;
  kill_at_.reset();
  process_.signal(SIGKILL);
  return true;
}

void WorkerProcess::read() {
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t size = ::read(process_.report_descriptor(), buffer.data(), buffer.size());
    if (size <= 0) break;
    unread_.append(buffer.data(), static_cast<std::size_t>(size));
    told_.take(unread_);
    if (unread_.size() > kUnreadBytesMax) unread_.clear();  // no line of ours is that long
  }
}

bool WorkerProcess::has_ended(int& wait_status) {
  if (!process_.has_ended(wait_status)) return false;
  read();
  return true;
}

}  // namespace calixo::host
