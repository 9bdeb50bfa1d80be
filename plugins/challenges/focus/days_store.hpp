// What counts for each local date of a person: SQL and nothing else. Every call suspends its fiber.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "focus/credit.hpp"

namespace calixo::challenges {

// The person's present date, by the zone of their profile.
struct FocusToday {
  std::string local_date;
  std::string time_zone;
  std::int32_t credited_seconds = 0;
};
BOOST_DESCRIBE_STRUCT(FocusToday, (), (local_date, time_zone, credited_seconds))

// As the caller.
FocusToday read_focus_today(Database& db, std::string_view user_id);

// The local dates between the two times, the earliest first, with what is credited of each already;
// locked to the end of the transaction. As the service.
std::vector<FocusDay> lock_focus_days(Database& service, std::string_view user_id,
                                      Timestamp started_at, Timestamp ended_at);
// shares: one a day. As the service.
void credit_focus_days(Database& service, std::string_view user_id,
                       const std::vector<FocusDay>& days, const std::vector<std::int64_t>& shares);

}  // namespace calixo::challenges
