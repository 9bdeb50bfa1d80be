#include "challenges_store.hpp"

namespace calixo::challenges {
namespace {

// $1 is the language.
constexpr std::string_view kList = R"(
  select id, slug, type, case $1 when 'en' then title_en else title end as title,
         case $1 when 'en' then description_en else description end as description, reward, rules
  from challenges
  where is_active and id > $2 and type = any($3::text[])
  order by id limit $4)";

constexpr std::string_view kTypeOnOffer = "select type from challenges where id = $1 and is_active";

}  // namespace

std::vector<Challenge> list_challenges(Database& db, std::string_view language,
                                       const std::vector<std::string>& types, const Slice& slice) {
  return db.query(kList, language, slice.after_id.value_or(0), types, slice.limit + 1)
      .as<Challenge>();
}

std::optional<std::string> type_on_offer(Database& db, std::int32_t challenge_id) {
  const Rows rows = db.query(kTypeOnOffer, challenge_id);
  if (rows.empty()) return std::nullopt;
  return rows[0].get<std::string>("type");
}

}  // namespace calixo::challenges
