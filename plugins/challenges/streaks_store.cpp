#include "streaks_store.hpp"

namespace calixo::challenges {
namespace {

// What a completion now would make of the streak tells whether it stands.
constexpr std::string_view kFind = R"(
  select case when not next.is_new or next.days_after = s.current_days + 1 then s.current_days
              else 0 end as current_days,
         coalesce(s.best_days, 0) as best_days, to_char(s.last_date, 'YYYY-MM-DD') as last_date,
         to_char(now() at time zone person.zone, 'YYYY-MM-DD') as today,
         not next.is_new as is_today_done, person.zone as time_zone
  from (select person_time_zone($1::uuid) as zone) person
  left join streaks s on s.user_id = $1::uuid,
    lateral challenges_streak_after(coalesce(s.current_days, 0), coalesce(s.best_days, 0),
                                    s.last_date, s.last_zone, now(), person.zone) next)";

}  // namespace

Streak find_streak(Database& db, std::string_view user_id) {
  return db.query(kFind, user_id)[0].as<Streak>();
}

}  // namespace calixo::challenges
