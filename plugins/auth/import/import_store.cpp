#include "import_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kUsers = R"(
  insert into users (id, email, password_hash, email_confirmed_at, created_at, updated_at,
                     last_sign_in_at, invited_at, banned_until, is_anonymous, app_metadata,
                     user_metadata)
  select id, email, password_hash, email_confirmed_at, coalesce(created_at, now()),
         coalesce(updated_at, now()), last_sign_in_at, invited_at, banned_until, is_anonymous,
         app_metadata, user_metadata
  from jsonb_to_recordset($1::jsonb) as imported (
    id uuid, email text, password_hash text, email_confirmed_at timestamptz,
    created_at timestamptz, updated_at timestamptz, last_sign_in_at timestamptz,
    invited_at timestamptz, banned_until timestamptz, is_anonymous boolean, app_metadata jsonb,
    user_metadata jsonb)
  on conflict do nothing
  returning id)";

constexpr std::string_view kProfiles = R"(
  insert into profiles (user_id, display_name, is_private, avatar_energy, created_at)
  select id, display_name, is_private, avatar_energy, coalesce(profile_created_at, now())
  from jsonb_to_recordset($1::jsonb) as imported (
    id uuid, display_name text, is_private boolean, avatar_energy integer,
    profile_created_at timestamptz)
  where id = any($2::uuid[])
  on conflict do nothing)";

constexpr std::string_view kIdentities = R"(
  insert into identities (user_id, provider, provider_id, identity_data, last_sign_in_at,
                          created_at, updated_at)
  select user_id, provider, provider_id, identity_data, last_sign_in_at,
         coalesce(created_at, now()), coalesce(updated_at, now())
  from jsonb_to_recordset($1::jsonb) as imported (
    user_id uuid, provider text, provider_id text, identity_data jsonb,
    last_sign_in_at timestamptz, created_at timestamptz, updated_at timestamptz)
  on conflict do nothing)";

constexpr std::string_view kCursor = R"(
  select last_id from auth_imports where source_hash = $1)";

constexpr std::string_view kKeepCursor = R"(
  insert into auth_imports (source_hash, last_id) values ($1, $2)
  on conflict (source_hash) do update set last_id = excluded.last_id)";

constexpr const char* kLowestId = "00000000-0000-0000-0000-000000000000";

}  // namespace

Stored store_accounts(Database& tx, const std::vector<ImportedAccount>& accounts) {
  const std::string all = to_json(accounts);
  Stored stored;
  std::vector<std::string> taken;
  for (const Row row : tx.query(kUsers, all)) {
    taken.push_back(row.get<std::string>("id"));
    stored.taken.insert(taken.back());
  }
  tx.execute(kProfiles, all, taken);
  std::vector<std::string> ids;
  for (const ImportedAccount& account : accounts) ids.push_back(account.id);
  for (const Row row : tx.query("select id from users where id = any($1::uuid[])", ids)) {
    const auto id = row.get<std::string>("id");
    if (!stored.taken.contains(id)) stored.known.insert(id);
  }
  return stored;
}

std::int64_t store_identities(Database& tx, const std::vector<ImportedIdentity>& identities) {
  return tx.execute(kIdentities, to_json(identities));
}

std::string import_cursor(Database& service, const std::string& source_hash) {
  const Rows rows = service.query(kCursor, source_hash);
  return rows.empty() ? kLowestId : rows[0].get<std::string>("last_id");
}

void keep_import_cursor(Database& tx, const std::string& source_hash, const std::string& id) {
  tx.execute(kKeepCursor, source_hash, id);
}

void forget_import_cursor(Database& service, const std::string& source_hash) {
  service.execute("delete from auth_imports where source_hash = $1", source_hash);
}

}  // namespace calixo::auth
