// What focus sessions say of an attempt's time: SQL and nothing else. The type's own table, as any
// type may have one. Suspends its fiber.
#pragma once

#include <calixo/challenge_type.hpp>

#include <cstdint>

namespace calixo::challenges {

struct FocusTime {
  bool has_sessions = false;     // of the attempt's own
  std::int64_t credited_s = 0;   // of those that are over
  std::int64_t elsewhere_s = 0;  // since the attempt began, what other sessions took up
};
BOOST_DESCRIBE_STRUCT(FocusTime, (), (has_sessions, credited_s, elsewhere_s))

FocusTime focus_time_of(const AttemptView& attempt);

}  // namespace calixo::challenges
