#include "focus/days_store.hpp"

#include <optional>

namespace calixo::challenges {

struct FocusDayRow {
  std::string local_date;
  std::int64_t overlap_us = 0;
  std::int64_t credited_seconds = 0;
};
BOOST_DESCRIBE_STRUCT(FocusDayRow, (), (local_date, overlap_us, credited_seconds))

FocusToday read_focus_today(Database& db, std::string_view user_id) {
  const auto today = db.query(R"(
    select today.local_date, today.time_zone, coalesce(credited_seconds, 0) as credited_seconds
    from (select time_zone, (now() at time zone time_zone)::date as local_date
          from person_time_zone($1) as time_zone) today
    left join focus_days day on day.user_id = $1 and day.local_date = today.local_date)",
                              user_id)
                         .first<FocusToday>();
  return today.value_or(FocusToday());
}

std::vector<FocusDay> lock_focus_days(Database& service, std::string_view user_id,
                                      Timestamp started_at, Timestamp ended_at) {
  // In the order of dates: whoever locks the same ones waits, and none for each other.
  const Rows rows = service.query(R"(
    with touched as materialized (
      select local_date, overlap_us from challenges_focus_dates(person_time_zone($1), $2, $3)
    ), locked as (
      insert into focus_days (user_id, local_date)
      select $1, local_date from touched order by local_date
      on conflict (user_id, local_date)
        do update set credited_seconds = focus_days.credited_seconds
      returning local_date, credited_seconds
    )
    select local_date, overlap_us, credited_seconds
    from locked join touched using (local_date) order by local_date)",
                                  user_id, started_at, ended_at);
  std::vector<FocusDay> days;
  for (const FocusDayRow& row : rows.as<FocusDayRow>()) {
    days.push_back({row.local_date, row.overlap_us, row.credited_seconds});
  }
  return days;
}

void credit_focus_days(Database& service, std::string_view user_id,
                       const std::vector<FocusDay>& days, const std::vector<std::int64_t>& shares) {
  std::vector<std::string> dates;
  for (const FocusDay& day : days) dates.push_back(day.local_date);
  service.execute(R"(
    update focus_days set credited_seconds = focus_days.credited_seconds + given.share
    from unnest($2::date[], $3::integer[]) as given (local_date, share)
    where user_id = $1 and focus_days.local_date = given.local_date)",
                  user_id, dates, shares);
}

}  // namespace calixo::challenges
