#include "focus/credit.hpp"

#include <algorithm>
#include <cmath>

namespace calixo::challenges {
namespace {

constexpr std::int64_t kSecond_us = 1'000'000;
constexpr double kRoundingError = 1e-9;  // 0.1 a minute for ten minutes is 1, not 0.999…

}  // namespace

Moment moment_of(const Attendance& attendance, Timestamp now, const CreditRules& rules) {
  const Timestamp last = attendance.last_heartbeat_at;
  if (now.unix_us - last.unix_us > rules.silence_s_max * kSecond_us) return {last, Over::silent};
  const Timestamp full{attendance.started_at.unix_us + rules.session_s_max * kSecond_us};
  if (now >= full) return {std::max(last, full), Over::full};  // the limit may have been lowered
  return {std::max(last, now), Over::no};
}

Attendance attended_until(Attendance attendance, Timestamp at, const CreditRules& rules) {
  const std::int64_t gap_us = at.unix_us - attendance.last_heartbeat_at.unix_us;
  if (gap_us <= 0) return attendance;
  attendance.missed_us += std::max<std::int64_t>(0, gap_us - rules.gap_s_max * kSecond_us);
  attendance.last_heartbeat_at = at;
  return attendance;
}

std::int64_t attended_s(const Attendance& attendance) {
  const std::int64_t passed_us =
      attendance.last_heartbeat_at.unix_us - attendance.started_at.unix_us;
  return std::max<std::int64_t>(0, passed_us - attendance.missed_us) / kSecond_us;
}

std::int64_t credit_s(std::int64_t attended, std::int64_t interruptions, const CreditRules& rules) {
  const std::int64_t counted = std::min(attended, rules.session_s_max);
  return std::max<std::int64_t>(0, counted - interruptions * rules.interruption_s);
}

std::vector<std::int64_t> allot(std::int64_t credit, const std::vector<FocusDay>& days,
                                std::int64_t day_s_max) {
  std::int64_t total_us = 0;
  for (const FocusDay& day : days) total_us += day.overlap_us;
  std::vector<std::int64_t> shares;
  std::int64_t passed_us = 0, given = 0;
  for (const FocusDay& day : days) {
    passed_us += day.overlap_us;
    // In seconds a session is shorter than 2^17, in microseconds than 2^37: no overflow.
    const std::int64_t until_here = credit * passed_us / total_us;
    const std::int64_t room = std::max<std::int64_t>(0, day_s_max - day.credited_seconds);
    shares.push_back(std::min(until_here - given, room));
    given = until_here;
  }
  return shares;
}

std::int64_t earned(std::int64_t seconds, double per_minute, double factor) {
  const double exact = static_cast<double>(seconds) * per_minute * factor / 60;
  return static_cast<std::int64_t>(std::floor(exact + kRoundingError));
}

}  // namespace calixo::challenges
