#include "db/canceller.hpp"

#include <libpq-fe.h>

#include <array>

#include "log/log.hpp"

namespace calixo::host {

Canceller::~Canceller() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Canceller::cancel(pg_cancel* request) {
  if (request == nullptr) return;
  const std::lock_guard lock(mutex_);
  queue_.push_back(request);
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  changed_.notify_one();
}

void Canceller::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return is_ending_ || !queue_.empty(); });
    if (queue_.empty()) return;
    pg_cancel* const request = queue_.front();
    queue_.pop_front();
    lock.unlock();
    std::array<char, 256> error{};
    if (PQcancel(request, error.data(), static_cast<int>(error.size())) != 1) {
      log::debug("statement could not be cancelled", {{"reason", error.data()}});
    }
    PQfreeCancel(request);
    lock.lock();
  }
}

}  // namespace calixo::host
