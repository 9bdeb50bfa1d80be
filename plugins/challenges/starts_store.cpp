#include "starts_store.hpp"

#include "attempt_views.hpp"

namespace calixo::challenges {
namespace {

// The person's row, held to the end of the transaction; what follows sees what others counted.
constexpr std::string_view kHoldDays = R"(
  insert into streaks as held (user_id) values ($1)
  on conflict (user_id) do update set starts_count = held.starts_count)";

// $1 to $6: person, challenge, types, size of a day's set, starts a day, open ones. The person's
// row, its zone, and what of the limits is left.
constexpr std::string_view kPerson = R"(
  person as (
    select held.zone,
           case when days.starts_until > now() and days.starts_count >= $5 then days.starts_until
           end as full_until,
           (select count(*) from user_challenges mine
            where mine.user_id = $1::uuid and mine.status = 'pending'
              and (mine.expires_at is null or mine.expires_at > now())) >= $6 as is_crowded
    from (select person_time_zone($1::uuid) as zone) held
    left join streaks days on days.user_id = $1::uuid))";

constexpr std::string_view kIsItsTurn = R"(
  (c.schedule <> 'daily_set' or c.id in (
     select challenge_id from challenges_todays_set($1::uuid, person.zone, $3::text[], $4))))";

std::string begin_sql() {
  return "with" + std::string(kPerson) + R"(,
    a as (
      insert into user_challenges
        (user_id, challenge_id, rules, offered_reward, energy, experience, expires_at)
      select $1::uuid, c.id, c.rules, c.reward, c.energy, c.experience,
             now() + make_interval(
               secs => nullif(coalesce(nullif(c.expires_after_s, 0), known.expires_after_s), 0))
      from challenges c
      join unnest($3::text[], $7::bigint[]) as known (type, expires_after_s) on known.type = c.type,
        person
      where c.id = $2 and)" +
         std::string(kOnOffer) + "and person.full_until is null and not person.is_crowded and " +
         std::string(kIsItsTurn) + R"(
      on conflict (user_id, challenge_id) where status = 'pending' do nothing
      returning *),
    counted as (
      update streaks days set
        starts_count = case when days.starts_until > now() then days.starts_count + 1 else 1 end,
        starts_until = case when days.starts_until > now() then days.starts_until
                            else challenges_day_ends_at(now(), person.zone) end
      from a, person where days.user_id = $1::uuid))" +
         std::string(kOpenView) + " from a join challenges c on c.id = a.challenge_id";
}

std::string hindrances_sql() {
  return "with" + std::string(kPerson) + R"(
    select c.type, not )" +
         std::string(kIsItsTurn) + R"( as is_of_another_day,
           exists (select from user_challenges mine
                   where mine.user_id = $1::uuid and mine.challenge_id = c.id
                     and mine.status = 'pending') as is_started,
           person.is_crowded as are_too_many_open,
           coalesce(ceil(extract(epoch from person.full_until - now())), 0)::bigint as starts_in_s
    from challenges c, person where c.id = $2 and)" +
         std::string(kOnOffer);
}

}  // namespace

std::optional<OpenAttempt> begin_attempt(Database& service, const Beginning& wanted) {
  static const std::string kSql = begin_sql();
  const std::vector<Rows> rows =
      service.batch()
          .add(kHoldDays, wanted.user_id)
          .add(kSql, wanted.user_id, wanted.challenge_id, wanted.types, wanted.daily_set_size,
               wanted.per_day_max, wanted.open_max, wanted.expiries_s)
          .run();
  return rows[1].first<OpenAttempt>();
}

std::optional<Hindrances> hindrances_of(Database& service, const Beginning& wanted) {
  static const std::string kSql = hindrances_sql();
  return service
      .query(kSql, wanted.user_id, wanted.challenge_id, wanted.types, wanted.daily_set_size,
             wanted.per_day_max, wanted.open_max)
      .first<Hindrances>();
}

}  // namespace calixo::challenges
