#include "challenges_store.hpp"

namespace calixo::challenges {
namespace {

// In each statement $1 is the language.
constexpr std::string_view kList = R"(
  select id, slug, type, case $1 when 'en' then title_en else title end as title,
         case $1 when 'en' then description_en else description end as description, reward, rules
  from challenges
  where is_active and id > $2 and ($3::text is null or type = $3)
  order by id limit $4)";

constexpr std::string_view kIsOnOffer =
    "select exists (select from challenges where id = $1 and is_active) as is_on_offer";

constexpr std::string_view kListAttempts = R"(
  select a.id, a.challenge_id, a.status, a.started_at, a.completed_at,
         json_build_object('id', c.id, 'slug', c.slug, 'type', c.type,
           'title', case $1 when 'en' then c.title_en else c.title end,
           'description', case $1 when 'en' then c.description_en else c.description end,
           'reward', c.reward, 'rules', c.rules) as challenge
  from user_challenges a join challenges c on c.id = a.challenge_id
  where a.user_id = $2 and ($3::text is null or a.status = $3)
    and ($4::bigint is null or a.id < $4)
  order by a.id desc limit $5)";

constexpr std::string_view kStart = R"(
  with a as (
    insert into user_challenges (user_id, challenge_id)
    select $2, id from challenges where id = $3 and is_active
    on conflict (user_id, challenge_id) where status = 'pending' do nothing
    returning id, challenge_id, status, started_at, completed_at)
  select a.id, a.challenge_id, a.status, a.started_at, a.completed_at,
         json_build_object('id', c.id, 'slug', c.slug, 'type', c.type,
           'title', case $1 when 'en' then c.title_en else c.title end,
           'description', case $1 when 'en' then c.description_en else c.description end,
           'reward', c.reward, 'rules', c.rules) as challenge
  from a join challenges c on c.id = a.challenge_id)";

// greatest(): a transaction may have begun before the one that started the attempt.
constexpr std::string_view kComplete = R"(
  with a as (
    update user_challenges
    set status = 'completed', completed_at = greatest(now(), started_at)
    where id = $3 and user_id = $2 and status = 'pending'
    returning id, challenge_id, status, started_at, completed_at)
  select a.id, a.challenge_id, a.status, a.started_at, a.completed_at,
         json_build_object('id', c.id, 'slug', c.slug, 'type', c.type,
           'title', case $1 when 'en' then c.title_en else c.title end,
           'description', case $1 when 'en' then c.description_en else c.description end,
           'reward', c.reward, 'rules', c.rules) as challenge
  from a join challenges c on c.id = a.challenge_id)";

constexpr std::string_view kStatus =
    "select status from user_challenges where id = $1 and user_id = $2";

}  // namespace

std::vector<Challenge> list_challenges(Database& db, std::string_view language,
                                       const std::optional<std::string>& type, const Slice& slice) {
  return db.query(kList, language, slice.after_id.value_or(0), type, slice.limit + 1)
      .as<Challenge>();
}

bool is_on_offer(Database& db, std::int32_t challenge_id) {
  return db.query(kIsOnOffer, challenge_id)[0].get<bool>("is_on_offer");
}

std::vector<Attempt> list_attempts(Database& db, std::string_view language,
                                   std::string_view user_id, std::optional<AttemptStatus> status,
                                   const Slice& slice) {
  return db.query(kListAttempts, language, user_id, status, slice.after_id, slice.limit + 1)
      .as<Attempt>();
}

std::optional<Attempt> start_attempt(Database& db, std::string_view language,
                                     std::string_view user_id, std::int32_t challenge_id) {
  return db.query(kStart, language, user_id, challenge_id).first<Attempt>();
}

std::optional<Attempt> complete_attempt(Database& db, std::string_view language,
                                        std::string_view user_id, std::int32_t attempt_id) {
  return db.query(kComplete, language, user_id, attempt_id).first<Attempt>();
}

std::optional<AttemptStatus> attempt_status(Database& db, std::string_view user_id,
                                            std::int32_t attempt_id) {
  const Rows rows = db.query(kStatus, attempt_id, user_id);
  if (rows.empty()) return std::nullopt;
  return rows[0].get<AttemptStatus>("status");
}

}  // namespace calixo::challenges
