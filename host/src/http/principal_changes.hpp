// Whose verified tokens are to be forgotten, told to the caches of all loops. A cache asks at each
// look-up, at the cost of one atomic load.
// [any-thread]
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace calixo::host {

class PrincipalChanges {
 public:
  // Of this user or session.
  void forget(std::string_view id);
  void forget_all();

  // Grows with each change.
  std::uint64_t epoch() const { return epoch_.load(std::memory_order_acquire); }

  struct News {
    std::uint64_t epoch = 0;  // these changes are all up to it
    bool is_all = false;      // forget everything: ids is empty
    std::vector<std::string> ids;
  };
  News since(std::uint64_t epoch) const;

 private:
  static constexpr std::size_t kRememberedMax = 4096;  // who is further behind forgets everything

  std::atomic<std::uint64_t> epoch_{0};
  mutable std::mutex mutex_;
  std::deque<std::string> ids_;      // of the last ids_.size() changes
  std::uint64_t all_forgotten_ = 0;  // the epoch of the last forget_all
};

}  // namespace calixo::host
