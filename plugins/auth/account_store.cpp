#include "account_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kInsertUser = R"(
  insert into users (id, email, password_hash, user_metadata, email_confirmed_at, last_sign_in_at)
  values ($1, $2, $3, $4, case when $5 then now() end, case when $5 then now() end))";

constexpr std::string_view kInsertProfile = R"(
  insert into profiles (user_id, display_name, locale) values ($1, $2, $3))";

constexpr std::string_view kAppoint = R"(
  insert into admin_users (user_id, role) values ($1, $2)
  on conflict (user_id) do update set role = excluded.role)";

constexpr std::string_view kSignIn = R"(
  update users set last_sign_in_at = now() where id = $1)";

constexpr std::string_view kChangePassword = R"(
  update users set password_hash = $2, updated_at = now() where id = $1)";

constexpr std::string_view kById = R"(
  select u.id, u.email, u.created_at, u.updated_at, u.email_confirmed_at, u.last_sign_in_at,
         u.app_metadata, u.user_metadata, a.role as admin_role
  from users u left join admin_users a on a.user_id = u.id
  where u.id = $1)";

constexpr std::string_view kByEmail = R"(
  select u.id, u.email, u.created_at, u.updated_at, u.email_confirmed_at, u.last_sign_in_at,
         u.app_metadata, u.user_metadata, a.role as admin_role,
         auth_password_hash(u.id) as password_hash
  from users u left join admin_users a on a.user_id = u.id
  where u.email = $1)";

constexpr std::string_view kOfSession = R"(
  select u.id, u.email, u.created_at, u.updated_at, u.email_confirmed_at, u.last_sign_in_at,
         u.app_metadata, u.user_metadata, a.role as admin_role
  from sessions s
  join users u on u.id = s.user_id
  left join admin_users a on a.user_id = u.id
  where s.id = $2 and s.user_id = $1)";

}  // namespace

void add_account(Batch& batch, const NewAccount& account) {
  batch.add(kInsertUser, account.id, account.email, account.password_hash,
            to_json(account.user_metadata), account.is_confirmed);
  batch.add(kInsertProfile, account.id, account.display_name, account.locale);
}

void add_appointment(Batch& batch, const std::string& user_id, std::string_view role) {
  batch.add(kAppoint, user_id, role);
}

void add_sign_in(Batch& batch, const std::string& user_id) { batch.add(kSignIn, user_id); }

std::optional<Account> account_by_id(Database& service, std::string_view user_id) {
  return service.query(kById, user_id).first<Account>();
}

std::optional<AccountWithHash> account_by_email(Database& service, std::string_view email) {
  const Rows rows = service.query(kByEmail, email);
  if (rows.empty()) return std::nullopt;
  return AccountWithHash{rows[0].as<Account>(),
                         rows[0].get<std::optional<std::string>>("password_hash").value_or("")};
}

void change_password(Database& service, std::string_view user_id, std::string_view hash) {
  service.execute(kChangePassword, user_id, hash);
}

std::optional<Account> account_of_session(Database& caller, std::string_view user_id,
                                          std::string_view session_id) {
  return caller.query(kOfSession, user_id, session_id).first<Account>();
}

}  // namespace calixo::auth
