#include "feeding_store.hpp"

namespace calixo::avatar {
namespace {

// Arrays of $1 persons, $2 sources, $3 energy, $4 experience, $5 streaks, and what is the same for
// all: $6 energy at the start, $7 decay, $8 beginnings of levels. Persons in their order, so that
// two never wait for each other. The catalogue is gone through only where a level or a streak rose.
// Of a transaction that began before the last feeding, energy_at stays the later. No NOTIFY from
// here: commits would wait for each other; who tells of levels looks for due rows anyway.
constexpr std::string_view kFeed = R"(
  with pace as (
    select ($6::integer[])[1] as energy_at_start, ($7::integer[])[1] as decay,
           ($8::text[])[1]::bigint[] as levels),
  given as (
    select distinct on (person, source) person, source, energy, experience, streak_days
    from unnest($1::uuid[], $2::text[], $3::integer[], $4::integer[], $5::integer[])
      as given (person, source, energy, experience, streak_days)
    order by person, source),
  fed as (
    insert into avatar_feedings (user_id, source, energy, experience)
    select person, source, energy, experience from given
    on conflict (user_id, source) do nothing
    returning user_id, source),
  meal as (
    select person, sum(energy) * 1000 as energy, sum(experience) as experience,
           max(streak_days) as streak_days
    from given join fed on (fed.user_id, fed.source) = (given.person, given.source)
    group by person order by person),
  before as (
    select a.user_id, a.streak_best from avatars a where a.user_id in (select person from meal)),
  after as (
    insert into avatars as a (user_id, energy, experience, streak_best)
    select person, least(100000, energy_at_start + energy), experience, streak_days
    from meal, pace order by person
    on conflict (user_id) do update set
      (energy, energy_at, experience, streak_best, next_told_at) = (
        select least(100000, avatar_energy(a.energy, a.energy_at, now(), decay) + meal.energy),
               greatest(a.energy_at, now()),
               least(1000000000000, a.experience + meal.experience),
               greatest(a.streak_best, meal.streak_days),
               case when a.told_fall > 0
                         or width_bucket((a.experience + meal.experience)::bigint, levels)
                            > a.told_level
                    then least(a.next_told_at, now()) else a.next_told_at end
        from meal, pace where meal.person = a.user_id)
    returning user_id, streak_best, told_level,
              width_bucket(experience, (select levels from pace)) as level),
  unlocked as (
    insert into avatar_customizations (user_id, category, item_id)
    select after.user_id, i.category, i.item_id
    from after left join before using (user_id)
    join avatar_items i on i.is_active
      and (i.unlock_level <= after.level or i.unlock_streak <= after.streak_best)
    where after.level > after.told_level
       or after.streak_best > coalesce(before.streak_best, 0)
    order by after.user_id
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

void feed_later(const DeferredRows& rows, calixo_tx* tx, const Meal& meal, const Pace& pace) {
  rows.add(tx, kFeed, meal.user_id, meal.source, meal.energy, meal.experience, meal.streak_days,
           pace.energy_at_start, pace.decay_per_day, pace.level_beginnings);
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
