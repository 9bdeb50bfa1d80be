// The beginning of attempts in the database: SQL and nothing else. Every call suspends its fiber
// and runs as the service, which alone counts a person's days.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "attempts_store.hpp"

namespace calixo::challenges {

// Who begins what, and what of it there may be.
struct Beginning {
  std::string_view user_id;
  std::int32_t challenge_id = 0;
  const std::vector<std::string>& types;        // on offer
  const std::vector<std::int64_t>& expiries_s;  // of each
  std::int64_t daily_set_size = 0;
  std::int64_t per_day_max = 0;
  std::int64_t open_max = 0;
};

// Opens an attempt with what its template says now, and counts it. Nothing where one of the
// hindrances below stands against it. Two of one person take turns.
std::optional<OpenAttempt> begin_attempt(Database& service, const Beginning& wanted);

// What stands against an attempt, in the order in which it is told.
struct Hindrances {
  std::string type;
  bool is_started = false;  // an attempt at this challenge is open
  bool is_of_another_day = false;
  bool are_too_many_open = false;
  std::int64_t starts_in_s = 0;  // over 0: when the next day's may begin
};
BOOST_DESCRIBE_STRUCT(Hindrances, (),
                      (type, is_started, is_of_another_day, are_too_many_open, starts_in_s))

// Nothing where there is no such challenge on offer.
std::optional<Hindrances> hindrances_of(Database& service, const Beginning& wanted);

}  // namespace calixo::challenges
