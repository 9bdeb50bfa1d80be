#include "guess_limit.hpp"

#include <calixo/coupons.hpp>

namespace calixo::billing {
namespace {

constexpr std::size_t kRemembered = 10'000;
constexpr std::int64_t kWindow_us = std::int64_t{kCouponGuessesWindowS} * 1'000'000;

}  // namespace

bool GuessLimit::is_refused(std::string_view user_id, std::int64_t guesses_max, Timestamp now) {
  const std::lock_guard lock(mutex_);
  const auto found = by_person_.find(std::string(user_id));
  return found != by_person_.end() && found->second.ends_us > now.unix_us &&
         found->second.count >= guesses_max;
}

void GuessLimit::count(std::string_view user_id, Timestamp now) {
  const std::lock_guard lock(mutex_);
  if (by_person_.size() >= kRemembered) {
    std::erase_if(by_person_, [&](const auto& one) { return one.second.ends_us <= now.unix_us; });
  }
  if (by_person_.size() >= kRemembered) return;
  Guesses& guesses = by_person_[std::string(user_id)];
  if (guesses.ends_us <= now.unix_us) guesses = {0, now.unix_us + kWindow_us};
  ++guesses.count;
}

}  // namespace calixo::billing
