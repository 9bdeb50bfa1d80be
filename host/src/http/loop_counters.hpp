// The numbers one loop counts: written by that loop alone, read by anybody.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace calixo::host {

class Counter {
 public:
  void add(std::int64_t amount = 1) {  // [loop]; no read-modify-write, as there is one writer
    value_.store(value_.load(std::memory_order_relaxed) + static_cast<std::uint64_t>(amount),
                 std::memory_order_relaxed);
  }
  std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }  // [any-thread]

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct RouteCounters {
  static constexpr std::size_t kBuckets = 15;  // one more than the bounds
  Counter by_status_class[6];
  Counter in_flight;
  Counter latency_buckets[kBuckets];
  Counter latency_sum_us;
};

struct LoopCounters {
  explicit LoopCounters(std::size_t route_count) : routes(route_count) {}

  Counter connections_accepted, requests_in_flight;
  Counter refused_head_too_large, refused_body_too_large, refused_malformed, refused_overload;
  Counter timed_out_header, timed_out_body, timed_out_request, timed_out_write, not_found;
  Counter streams_parked, token_cache_hits, token_cache_misses;
  std::vector<RouteCounters> routes;  // by Route::index
};

}  // namespace calixo::host
