#include "challenges_store.hpp"

namespace calixo::challenges {
namespace {

// $1 is the language.
constexpr std::string_view kColumns = R"(
  select c.id, c.slug, c.type, case $1 when 'en' then c.title_en else c.title end as title,
         case $1 when 'en' then c.description_en else c.description end as description, c.reward,
         c.rules, c.difficulty, c.schedule )";

}  // namespace

std::vector<Challenge> list_challenges(Database& db, std::string_view language,
                                       const ChallengeFilter& filter, const Slice& slice) {
  static const std::string kSql =
      std::string(kColumns) + "from challenges c where" + std::string(kOnOffer) + R"(
      and c.id > $2::bigint and c.type = any($3::text[]) and ($4::text is null or c.difficulty = $4)
    order by c.id limit $5)";
  return db
      .query(kSql, language, slice.after_id.value_or(0), filter.types, filter.difficulty,
             slice.limit + 1)
      .as<Challenge>();
}

std::vector<Challenge> list_todays(Database& db, std::string_view language,
                                   std::string_view user_id, const ChallengeFilter& filter,
                                   const std::vector<std::string>& types_on_offer,
                                   std::int64_t set_size) {
  static const std::string kSql = std::string(kColumns) + R"(
    from (select person_time_zone($2::uuid) as zone offset 0) person
    cross join lateral challenges_todays_set($2::uuid, person.zone, $3::text[], $4) today
    join challenges c on c.id = today.challenge_id
    where c.type = any($5::text[]) and ($6::text is null or c.difficulty = $6)
    order by today.place)";
  return db
      .query(kSql, language, user_id, types_on_offer, set_size, filter.types, filter.difficulty)
      .as<Challenge>();
}

}  // namespace calixo::challenges
