#include "standing/standing_store.hpp"

namespace calixo::auth {
namespace {

// Read before the changes: what commits in between is then seen twice rather than not at all.
constexpr std::string_view kHorizon =
    "select pg_snapshot_xmin(pg_current_snapshot())::text as horizon";

constexpr std::string_view kChanges = R"(
  select id, coalesce(session_id, user_id)::text as subject, coalesce(app_role, '') as app_role,
         is_revoked, coalesce(ceil(extract(epoch from revoked_until)), 0)::bigint as revoked_until_s,
         extract(epoch from changed_at)::bigint as changed_at_s
  from auth_changes
  where xid >= $1::text::xid8 and changed_at > now() - $2::bigint * interval '1 second'
  order by id)";

constexpr std::string_view kKeyMarks = R"(
  select coalesce(string_agg(kid || case when is_active then '+' else '' end, ' ' order by kid), '')
         as marks
  from auth_signing_keys where retired_at is null)";

constexpr std::string_view kForget = R"(
  delete from auth_changes where changed_at < now() - $1::bigint * interval '1 second')";

// A trigger on app_metadata notes the role for every node.
constexpr std::string_view kSetPremium = R"(
  with person as (select id from users where id = $1),
  changed as (
    update users set
      app_metadata = case when $2::boolean then app_metadata || '{"role": "premium"}'
                          else app_metadata - 'role' end,
      updated_at = now()
    where id = $1 and (coalesce(app_metadata ->> 'role', '') = 'premium') <> $2::boolean)
  select id::text as id from person)";

}  // namespace

StandingNews read_standing_news(Database& service, const std::string& horizon) {
  const auto answers =
      service.batch().add(kHorizon).add(kChanges, horizon, kChangesKeptS).add(kKeyMarks).run();
  StandingNews news;
  news.horizon = answers[0][0].get<std::string>("horizon");
  news.changes = answers[1].as<StandingChange>();
  news.key_marks = answers[2][0].get<std::string>("marks");
  return news;
}

void forget_old_changes(Database& service) { service.execute(kForget, kChangesKeptS); }

bool set_premium(Database& service, const Uuid& user_id, bool is_premium) {
  return !service.query(kSetPremium, user_id, is_premium).empty();
}

}  // namespace calixo::auth
