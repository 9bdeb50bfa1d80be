#include "telling_store.hpp"

namespace calixo::avatar {
namespace {

// $1 limit, $2 decay, $3 tired, $4 asleep, $5 beginnings of levels.
constexpr std::string_view kTakeDue = R"(
  with due as (
    select user_id, energy, energy_at, told_fall, told_level,
           avatar_energy(energy, energy_at, now(), $2::integer) as energy_now,
           width_bucket(experience, $5::bigint[]) as level_now
    from avatars where next_told_at <= now()
    order by next_told_at limit $1 for update skip locked),
  seen as (
    select due.*, avatar_drowsiness(energy_now, $3::integer, $4::integer) as fall from due)
  update avatars a set
    told_fall = seen.fall,
    told_level = greatest(seen.told_level, seen.level_now),
    next_told_at = case seen.fall
      when 0 then avatar_falls_at(seen.energy, seen.energy_at, $3::integer, $2::integer)
      when 1 then avatar_falls_at(seen.energy, seen.energy_at, $4::integer, $2::integer) end
  from seen where a.user_id = seen.user_id
  returning a.user_id, (seen.energy_now + 999) / 1000 as energy, seen.fall,
            seen.told_fall as fall_before, a.told_level as level,
            seen.told_level as level_before, a.experience)";

}  // namespace

std::vector<DueAvatar> take_due(Transaction& tx, std::int64_t limit, const Pace& pace) {
  return tx
      .query(kTakeDue, limit, pace.decay_per_day, pace.tired_energy, pace.asleep_energy,
             pace.level_beginnings)
      .as<DueAvatar>();
}

}  // namespace calixo::avatar
