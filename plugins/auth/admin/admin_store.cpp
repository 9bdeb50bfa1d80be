#include "admin/admin_store.hpp"

#include "account_store.hpp"

namespace calixo::auth {
namespace {

constexpr const char* kAdminUser = R"(
  select u.id, coalesce(u.email, '') as email, p.display_name,
         auth_role_of(a.role, u.app_metadata) as role, u.is_anonymous, u.email_confirmed_at,
         u.last_sign_in_at,
         case when u.banned_until > now() then u.banned_until end as banned_until, u.created_at
  from users u
  left join profiles p on p.user_id = u.id
  left join admin_users a on a.user_id = u.id )";

// By byte order, as the indexes for prefixes have it: from the prefix up to its last continuation.
const std::string kList = std::string(kAdminUser) + R"(
  where ($1 = '' or u.id in (
          select id from users where email ~>=~ lower($1) and email ~<~ (lower($1) || U&'\+10FFFF')
          union
          select user_id from profiles
          where lower(display_name) ~>=~ lower($1)
            and lower(display_name) ~<~ (lower($1) || U&'\+10FFFF')))
    and ($2 = '' or a.role = upper($2))
    and ($3::boolean is null or coalesce(u.banned_until > now(), false) = $3)
    and ($4::timestamptz is null or (u.created_at, u.id) < ($4, nullif($5, '')::uuid))
  order by u.created_at desc, u.id desc
  limit $6)";

const std::string kOne = std::string(kAdminUser) + "where u.id = $1";

constexpr std::string_view kFind = R"(
  select id::text as id from users where email = lower($1) or id::text = lower($1))";

constexpr std::string_view kPageIds = R"(
  select id::text as id from users order by created_at, id limit $1 offset $2)";

constexpr std::string_view kTotal = "select count(*) as total from users";

constexpr std::string_view kChange = R"(
  update users set
    email = coalesce($2, email),
    is_anonymous = is_anonymous and $2::text is null,
    email_confirmed_at = case when $3::boolean then coalesce(email_confirmed_at, now())
                              else email_confirmed_at end,
    user_metadata = (
      select coalesce(jsonb_object_agg(key, value), '{}')
      from jsonb_each(user_metadata || coalesce($4::jsonb, '{}')) where value <> 'null'),
    app_metadata = (
      select coalesce(jsonb_object_agg(key, value), '{}')
      from jsonb_each(app_metadata || coalesce($5::jsonb, '{}')) where value <> 'null'),
    banned_until = case when $6::bigint is null then banned_until
                        when $6 = 0 then null
                        else now() + $6 * interval '1 second' end,
    updated_at = now()
  where id = $1)";

constexpr std::string_view kChangeIdentity = R"(
  insert into identities (user_id, provider, provider_id, identity_data)
  select u.id, 'email', u.id::text,
         jsonb_build_object('sub', u.id, 'email', u.email, 'phone_verified', false,
                            'email_verified', u.email_confirmed_at is not null)
  from users u where u.id = $1 and u.email is not null
  on conflict (provider, provider_id) do update
    set identity_data = identities.identity_data || excluded.identity_data, updated_at = now())";

// Apart: the hash can be written, not read.
constexpr std::string_view kChangePassword = "update users set password_hash = $2 where id = $1";

constexpr std::string_view kEndSessions = "delete from sessions where user_id = $1";

constexpr std::string_view kAppoint = R"(
  insert into admin_users (user_id, role) values ($1, $2)
  on conflict (user_id) do update set role = excluded.role
    where admin_users.role <> excluded.role)";

constexpr std::string_view kLockAdministrators = R"(
  select a.user_id::text as id
  from admin_users a join users u on u.id = a.user_id
  where a.role = 'ADMIN' and (u.banned_until is null or u.banned_until <= now())
  order by a.user_id for update)";

std::optional<std::string> json_text(const std::optional<Json>& value) {
  if (!value) return std::nullopt;
  return to_json(*value);
}

std::vector<std::string> ids_of(const Rows& rows) {
  std::vector<std::string> ids;
  for (const Row row : rows) ids.push_back(row.get<std::string>("id"));
  return ids;
}

}  // namespace

std::vector<AdminUser> admin_users(Database& service, const AdminUserFilter& filter) {
  return service
      .query(kList, filter.search, filter.role, filter.is_banned, filter.before_created_at,
             filter.before_id, filter.limit)
      .as<AdminUser>();
}

std::optional<AdminUser> admin_user(Database& service, std::string_view user_id) {
  return service.query(kOne, user_id).first<AdminUser>();
}

std::optional<Account> lock_account(Transaction& tx, std::string_view email) {
  const auto ids =
      ids_of(tx.query("select id::text as id from users where email = $1 for update", email));
  if (ids.empty()) return std::nullopt;
  return account_by_id(tx, ids.front());
}

std::optional<std::string> user_id_of(Database& service, std::string_view text) {
  const Rows rows = service.query(kFind, text);
  if (rows.empty()) return std::nullopt;
  return rows[0].get<std::string>("id");
}

AccountPage account_page(Database& service, std::int64_t page, std::int64_t per_page) {
  const auto answers =
      service.batch().add(kPageIds, per_page, (page - 1) * per_page).add(kTotal).run();
  return {accounts_by_ids(service, ids_of(answers[0])), answers[1][0].get<std::int64_t>("total")};
}

bool change_account(Database& service, std::string_view user_id, const AccountChange& change) {
  Batch batch = service.batch();
  batch.add(kChange, user_id, change.email, change.confirms_email, json_text(change.user_metadata),
            json_text(change.app_metadata), change.ban_s);
  if (change.email || change.confirms_email) batch.add(kChangeIdentity, user_id);
  if (change.password_hash) {
    batch.add(kChangePassword, user_id, *change.password_hash);
    batch.add(kEndSessions, user_id);
  }
  return batch.run()[0].affected() == 1;
}

void appoint(Database& service, std::string_view user_id, std::string_view role) {
  service.execute(kAppoint, user_id, role);
}

void dismiss(Database& service, std::string_view user_id) {
  service.execute("delete from admin_users where user_id = $1", user_id);
}

std::vector<std::string> lock_administrators(Database& transaction) {
  return ids_of(transaction.query(kLockAdministrators));
}

}  // namespace calixo::auth
