// How much of a focus session counts, and what it earns. Pure functions. [any-thread]
#pragma once

#include <calixo/clock.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace calixo::challenges {

struct CreditRules {
  std::int64_t gap_s_max = 0;       // of the time between two heartbeats counts at most so much
  std::int64_t silence_s_max = 0;   // without a heartbeat for longer a session is over
  std::int64_t session_s_max = 0;   // none is longer
  std::int64_t interruption_s = 0;  // what each costs
};

// A session as far as its heartbeats show it.
struct Attendance {
  Timestamp started_at;
  Timestamp last_heartbeat_at;
  std::int64_t missed_us = 0;  // of gaps, what was too long to count
};

// Whether a running session goes on, or should have ended and when.
enum class Over { no, silent, full };
struct Moment {
  Timestamp at;  // up to where it may count
  Over over = Over::no;
};
Moment moment_of(const Attendance& attendance, Timestamp now, const CreditRules& rules);

// With one more sign of life; one that is earlier than the last changes nothing.
Attendance attended_until(Attendance attendance, Timestamp at, const CreditRules& rules);

// Whole seconds of gaps that count; never more than have passed between start and last heartbeat.
std::int64_t attended_s(const Attendance& attendance);

// What is left of it after interruptions; from 0 to attended.
std::int64_t credit_s(std::int64_t attended, std::int64_t interruptions, const CreditRules& rules);

// A local date that a session touches.
struct FocusDay {
  std::string local_date;
  std::int64_t overlap_us = 0;        // of the session; more than 0
  std::int64_t credited_seconds = 0;  // of other sessions
};
// Divides credit over the dates as the session lay on them, then cuts what would exceed the cap of
// a date: one number a day, which sum to credit at most.
std::vector<std::int64_t> allot(std::int64_t credit, const std::vector<FocusDay>& days,
                                std::int64_t day_s_max);

// What so many seconds earn at a rate a minute; rounded down.
std::int64_t earned(std::int64_t seconds, double per_minute, double factor);

}  // namespace calixo::challenges
