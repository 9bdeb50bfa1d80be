// Sends PostgreSQL's cancel requests from a thread of its own: libpq's PQcancel blocks.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

struct pg_cancel;

namespace calixo::host {

class Canceller {
 public:
  Canceller() = default;
  ~Canceller();  // sends what is queued
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;

  // Takes the request over; nullptr is ignored. [any-thread]
  void cancel(pg_cancel* request);

 private:
  void work();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<pg_cancel*> queue_;
  bool is_ending_ = false;
  std::thread thread_;  // started by the first request
};

}  // namespace calixo::host
