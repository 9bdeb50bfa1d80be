#include "account_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kInsertUser = R"(
  insert into users (id, email, password_hash, user_metadata, is_anonymous, email_confirmed_at,
                     last_sign_in_at)
  values ($1, nullif($2, ''), nullif($3, ''), $4, $5, case when $6 then now() end,
          case when $5 or $6 then now() end))";

constexpr std::string_view kInsertProfile = R"(
  insert into profiles (user_id, display_name, locale) values ($1, $2, $3))";

constexpr std::string_view kAppoint = R"(
  insert into admin_users (user_id, role) values ($1, $2)
  on conflict (user_id) do update set role = excluded.role)";

constexpr std::string_view kSignIn = R"(
  update users set last_sign_in_at = now() where id = $1)";

constexpr std::string_view kSignInBy = R"(
  update identities set last_sign_in_at = now() where user_id = $1 and provider = $2)";

constexpr std::string_view kChangePassword = R"(
  update users set password_hash = $2, updated_at = now() where id = $1)";

constexpr std::string_view kReplaceHash = R"(
  update users set password_hash = $3
  where id = $1 and auth_password_hash(id) = $2)";

constexpr std::string_view kInsertIdentity = R"(
  insert into identities (id, user_id, provider, provider_id, identity_data, last_sign_in_at)
  values ($1, $2, $3, $4, $5, $6))";

// The members of Account but its entrances; u is users, a its row in admin_users.
constexpr const char* kColumns = R"(
  select u.id, coalesce(u.email, '') as email, u.created_at, u.updated_at, u.email_confirmed_at,
         u.last_sign_in_at, u.app_metadata, u.user_metadata, u.is_anonymous, u.banned_until,
         u.invited_at, u.confirmation_sent_at, u.recovery_sent_at, u.email_change_sent_at,
         u.new_email, a.role as admin_role, )";

const std::string kAccount = std::string(kColumns) + R"(
  json_build_object(
    'identities', coalesce((
      select json_agg(json_build_object(
        'identity_id', i.id, 'id', i.provider_id, 'user_id', i.user_id,
        'identity_data', i.identity_data, 'provider', i.provider,
        'last_sign_in_at', i.last_sign_in_at, 'created_at', i.created_at,
        'updated_at', i.updated_at, 'email', coalesce(i.email, '')) order by i.created_at)
      from identities i where i.user_id = u.id), '[]'),
    'factors', coalesce((
      select json_agg(json_build_object(
        'id', f.id, 'friendly_name', f.friendly_name, 'factor_type', f.factor_type,
        'status', f.status, 'created_at', f.created_at,
        'updated_at', f.updated_at) order by f.created_at)
      from mfa_factors f where f.user_id = u.id), '[]')) as entrances)";

constexpr const char* kFromUsers = R"(
  from users u left join admin_users a on a.user_id = u.id )";

const std::string kById = kAccount + kFromUsers + "where u.id = $1";

const std::string kByIds =
    kAccount + kFromUsers +
    "where u.id = any ($1::text[]::uuid[]) order by array_position($1::text[], u.id::text)";

const std::string kByEmail =
    kAccount + ", auth_password_hash(u.id) as password_hash" + kFromUsers + "where u.email = $1";

// The caller's own account is what is asked for most: three plain statements in one flush cost
// PostgreSQL a third of what building the lists as JSON does.
const std::string kOfSession = std::string(kColumns) + R"(
  '{"identities": [], "factors": []}'::json as entrances
  from sessions s
  join users u on u.id = s.user_id
  left join admin_users a on a.user_id = u.id
  where s.id = $2 and s.user_id = $1)";

constexpr std::string_view kIdentitiesOf = R"(
  select id as identity_id, provider_id as id, user_id, identity_data, provider, last_sign_in_at,
         created_at, updated_at, coalesce(email, '') as email
  from identities where user_id = $1 order by created_at)";

constexpr std::string_view kFactorsOf = R"(
  select id, friendly_name, factor_type, status, created_at, updated_at
  from mfa_factors where user_id = $1 order by created_at)";

}  // namespace

void add_account(Batch& batch, const NewAccount& account) {
  batch.add(kInsertUser, account.id, account.email, account.password_hash,
            to_json(account.user_metadata), account.is_anonymous, account.is_confirmed);
  batch.add(kInsertProfile, account.id, account.display_name, account.locale);
  if (account.identity) add_identity(batch, *account.identity);
}

void add_identity(Batch& batch, const Identity& identity) {
  batch.add(kInsertIdentity, identity.identity_id, identity.user_id, identity.provider, identity.id,
            to_json(identity.identity_data), identity.last_sign_in_at);
}

void add_appointment(Batch& batch, const std::string& user_id, std::string_view role) {
  batch.add(kAppoint, user_id, role);
}

void add_sign_in(Batch& batch, const std::string& user_id, std::string_view provider) {
  batch.add(kSignIn, user_id);
  batch.add(kSignInBy, user_id, provider);
}

std::optional<Account> account_by_id(Database& service, std::string_view user_id) {
  return service.query(kById, user_id).first<Account>();
}

std::vector<Account> accounts_by_ids(Database& service, const std::vector<std::string>& user_ids) {
  return service.query(kByIds, user_ids).as<Account>();
}

std::optional<AccountWithHash> account_by_email(Database& service, std::string_view email) {
  const Rows rows = service.query(kByEmail, email);
  if (rows.empty()) return std::nullopt;
  return AccountWithHash{rows[0].as<Account>(),
                         rows[0].get<std::optional<std::string>>("password_hash").value_or("")};
}

void replace_hash(Database& service, std::string_view user_id, std::string_view known,
                  std::string_view hash) {
  service.execute(kReplaceHash, user_id, known, hash);
}

void change_password(Database& service, std::string_view user_id, std::string_view hash) {
  service.execute(kChangePassword, user_id, hash);
}

std::optional<Account> account_of_session(Database& caller, std::string_view user_id,
                                          std::string_view session_id) {
  const std::vector<Rows> found = caller.batch()
                                      .add(kOfSession, user_id, session_id)
                                      .add(kIdentitiesOf, user_id)
                                      .add(kFactorsOf, user_id)
                                      .run();
  auto account = found[0].first<Account>();
  if (account) account->entrances = {found[1].as<Identity>(), found[2].as<Factor>()};
  return account;
}

}  // namespace calixo::auth
