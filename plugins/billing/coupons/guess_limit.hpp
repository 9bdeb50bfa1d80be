// Who gives many codes that do not exist: counted in memory, so that a flood costs no statements
// and a purchase that is rolled back counts all the same. Each node counts its own.
#pragma once

#include <calixo/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace calixo::billing {

// [any-thread]
class GuessLimit {
 public:
  // Whether this person has given that many within kCouponGuessesWindowS.
  bool is_refused(std::string_view user_id, std::int64_t guesses_max, Timestamp now);
  // One more that does not exist.
  void count(std::string_view user_id, Timestamp now);

 private:
  struct Guesses {
    std::int64_t count = 0;
    std::int64_t ends_us = 0;
  };

  std::mutex mutex_;
  std::unordered_map<std::string, Guesses> by_person_;
};

}  // namespace calixo::billing
