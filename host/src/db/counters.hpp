// What one loop's database work is counted by: the loop writes, anybody reads.
#pragma once

#include <atomic>
#include <cstdint>

namespace calixo::host {

class Counter {
 public:
  void add(std::int64_t change = 1) {  // one writer: no locked instruction needed
    value_.store(get() + static_cast<std::uint64_t>(change), std::memory_order_relaxed);
  }
  std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct DatabaseCounters {
  Counter connections;
  Counter pipelines_ready;
  Counter statements;
  Counter statement_errors;
  Counter in_flight;
  Counter waiting;
  Counter transactions;
  Counter reconnects;
};

}  // namespace calixo::host
