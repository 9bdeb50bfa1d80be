// Who gives many codes that do not exist: counted in memory, so that a flood costs no statements
// and a purchase that is rolled back counts all the same. Each node counts its own.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "settings.hpp"

namespace calixo::billing {

// [any-thread]
class GuessLimit {
 public:
  explicit GuessLimit(const Settings& settings) : settings_(settings) {}

  // Whether this person has given too many within kCouponGuessesWindowS.
  bool is_refused(std::string_view user_id, Timestamp now);
  // One more that does not exist.
  void count(std::string_view user_id, Timestamp now);

 private:
  struct Guesses {
    std::int64_t count = 0;
    std::int64_t ends_us = 0;
  };

  const Settings& settings_;
  std::mutex mutex_;
  std::unordered_map<std::string, Guesses> by_person_;
};

}  // namespace calixo::billing
