#include "feeding_store.hpp"

namespace calixo::avatar {
namespace {

// $1 person, $2 source, $3 energy, $4 experience, $5 streak, $6 energy at the start, $7 decay,
// $8 beginnings of levels. The catalogue is gone through only where a level or a streak rose. Of a
// transaction that began before the last feeding, energy_at stays the later. No NOTIFY from here:
// commits would wait for each other; who tells of levels looks for due rows anyway.
constexpr std::string_view kFeed = R"(
  with fed as (
    insert into avatar_feedings (user_id, source, energy, experience)
    values ($1::uuid, $2, $3::integer, $4::integer)
    on conflict (user_id, source) do nothing
    returning user_id),
  before as (select streak_best from avatars where user_id = $1::uuid),
  after as (
    insert into avatars as a (user_id, energy, experience, streak_best)
    select user_id, least(100000, $6::integer + $3::integer * 1000), $4::integer, $5::integer
    from fed
    on conflict (user_id) do update set
      energy = least(100000, avatar_energy(a.energy, a.energy_at, now(), $7::integer)
                             + $3::integer * 1000),
      energy_at = greatest(a.energy_at, now()),
      experience = least(1000000000000, a.experience + $4::integer),
      streak_best = greatest(a.streak_best, $5::integer),
      next_told_at = case
        when a.told_fall > 0
             or width_bucket(a.experience + $4::integer, $8::bigint[]) > a.told_level
        then least(a.next_told_at, now()) else a.next_told_at end
    returning user_id, streak_best, told_level,
              width_bucket(experience, $8::bigint[]) as level),
  unlocked as (
    insert into avatar_customizations (user_id, category, item_id)
    select after.user_id, i.category, i.item_id
    from after left join before on true
    join avatar_items i on i.is_active
      and (i.unlock_level <= after.level or i.unlock_streak <= after.streak_best)
    where after.level > after.told_level
       or after.streak_best > coalesce(before.streak_best, 0)
    on conflict (user_id, category, item_id) do nothing)
  select from after)";

// $1 person, $2 category, $3 item, $4 beginnings of levels.
constexpr std::string_view kUnlock = R"(
  with item as (
    select i.category, i.item_id,
           coalesce(i.unlock_level <= width_bucket(coalesce(a.experience, 0), $4::bigint[]), false)
           or coalesce(i.unlock_streak <= a.streak_best, false) as is_earned
    from avatar_items i left join avatars a on a.user_id = $1::uuid
    where i.category = $2 and i.item_id = $3 and i.is_active),
  made as (
    insert into avatar_customizations (user_id, category, item_id)
    select $1::uuid, category, item_id from item where not is_earned
    on conflict (user_id, category, item_id) do nothing
    returning id)
  select exists (select from item) as is_known, exists (select from made) as is_new)";

}  // namespace

void feed_later(const Deferred& deferred, calixo_tx* tx, const Meal& meal, const Pace& pace) {
  deferred.execute(tx, kFeed, meal.user_id, meal.source, meal.energy, meal.experience,
                   meal.streak_days, pace.energy_at_start, pace.decay_per_day,
                   pace.level_beginnings);
}

Unlocked unlock_item(Database& db, std::string_view user_id, std::string_view category,
                     std::string_view item_id, const Pace& pace) {
  const Rows rows = db.query(kUnlock, user_id, category, item_id, pace.level_beginnings);
  if (!rows[0].get<bool>("is_known")) return Unlocked::no_such_item;
  return rows[0].get<bool>("is_new") ? Unlocked::now : Unlocked::already;
}

bool take_item_away(Database& db, std::string_view user_id, std::string_view category,
                    std::string_view item_id) {
  return db.execute(
             "delete from avatar_customizations "
             "where user_id = $1 and category = $2 and item_id = $3",
             user_id, category, item_id) == 1;
}

bool is_on_offer(Database& db, std::string_view category, std::string_view item_id) {
  return !db.query("select from avatar_items where category = $1 and item_id = $2 and is_active",
                   category, item_id)
              .empty();
}

}  // namespace calixo::avatar
