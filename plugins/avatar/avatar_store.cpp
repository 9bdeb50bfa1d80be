#include "avatar_store.hpp"

namespace calixo::avatar {
namespace {

// $1 person, $2 language, $3 decay, $4 tired, $5 asleep, $6 beginnings of levels.
constexpr std::string_view kRead = R"(
  select (now_is.energy + 999) / 1000 as energy,
         (array['awake', 'tired', 'asleep'])
           [1 + avatar_drowsiness(now_is.energy, $4::integer, $5::integer)] as mood,
         case when now_is.energy > $4::integer
              then avatar_falls_at(a.energy, a.energy_at, $4::integer, $3::integer) end as tired_at,
         case when now_is.energy > $5::integer
              then avatar_falls_at(a.energy, a.energy_at, $5::integer, $3::integer) end as asleep_at,
         now_is.level, a.experience, a.streak_best, wardrobe.items
  from avatars a
  cross join lateral (
    select avatar_energy(a.energy, a.energy_at, now(), $3::integer) as energy,
           width_bucket(a.experience, $6::bigint[]) as level) now_is
  cross join lateral (
    select coalesce(json_agg(json_build_object(
             'category', i.category, 'item_id', i.item_id,
             'name', case $2 when 'en' then i.name_en else i.name end,
             'unlock_level', i.unlock_level, 'unlock_streak', i.unlock_streak,
             'is_unlocked', c.id is not null or coalesce(i.unlock_level <= now_is.level, false)
                            or coalesce(i.unlock_streak <= a.streak_best, false),
             'is_equipped', coalesce(c.equipped, false))
             order by i.category, i.id), '[]') as items
    from avatar_items i
    left join avatar_customizations c
      on c.user_id = a.user_id and c.category = i.category and c.item_id = i.item_id
    where i.is_active or c.id is not null) wardrobe
  where a.user_id = $1)";

// $1 person, $2 energy at the start, $3 decay, $4 tired, $5 asleep, $6 beginnings of levels.
constexpr std::string_view kReadPublic = R"(
  select $1::uuid as user_id,
         (array['awake', 'tired', 'asleep'])[1 + avatar_drowsiness(
           case when a.user_id is null then $2::integer
                else avatar_energy(a.energy, a.energy_at, now(), $3::integer) end,
           $4::integer, $5::integer)] as mood,
         width_bucket(coalesce(a.experience, 0), $6::bigint[]) as level,
         (select coalesce(json_object_agg(c.category, c.item_id order by c.category), '{}')
          from avatar_customizations c where c.user_id = $1::uuid and c.equipped) as equipped
  from (select) nothing left join avatars a on a.user_id = $1::uuid
  where profile_is_visible($1::uuid))";

}  // namespace

std::optional<AvatarState> read_avatar(Database& db, std::string_view language,
                                       std::string_view user_id, const Pace& pace) {
  return db
      .query(kRead, user_id, language, pace.decay_per_day, pace.tired_energy, pace.asleep_energy,
             pace.level_beginnings)
      .first<AvatarState>();
}

std::optional<PublicAvatar> read_public_avatar(Database& caller, std::string_view user_id,
                                               const Pace& pace) {
  return caller
      .query(kReadPublic, user_id, pace.energy_at_start, pace.decay_per_day, pace.tired_energy,
             pace.asleep_energy, pace.level_beginnings)
      .first<PublicAvatar>();
}

void begin_avatar(Database& service, std::string_view user_id, const Pace& pace) {
  service.execute(
      "insert into avatars (user_id, energy) values ($1, $2) on conflict (user_id) do nothing",
      user_id, pace.energy_at_start);
}

void lock_avatar(Transaction& tx, std::string_view user_id) {
  tx.execute("select from avatars where user_id = $1 for update", user_id);
}

void take_off(Transaction& tx, std::string_view user_id, std::string_view category) {
  tx.execute(
      "update avatar_customizations set equipped = false "
      "where user_id = $1 and category = $2 and equipped",
      user_id, category);
}

void put_on(Transaction& tx, std::string_view user_id, std::string_view category,
            std::string_view item_id) {
  tx.execute(
      "insert into avatar_customizations (user_id, category, item_id, equipped) "
      "values ($1, $2, $3, true) "
      "on conflict (user_id, category, item_id) do update set equipped = true",
      user_id, category, item_id);
}

}  // namespace calixo::avatar
