#include "tokens/confirmation_store.hpp"

namespace calixo::auth {
namespace {

// One statement for each case, so that they take the same time.
constexpr std::string_view kAddUnconfirmed = R"(
  with made as (
    insert into users (id, email, password_hash, user_metadata) values ($1, $2, $3, $4)
    on conflict (email) do update
    set password_hash = $3, user_metadata = excluded.user_metadata, updated_at = now()
    where users.email_confirmed_at is null and users.last_sign_in_at is null
      and users.invited_at is null
    returning id),
  profile as (
    insert into profiles (user_id, display_name, locale)
    select id, $5, $6 from made where id = $1)
  insert into identities (id, user_id, provider, provider_id, identity_data)
  select $7, id, $8, $9, $10 from made where id = $1)";

constexpr std::string_view kConfirm = R"(
  update users set email_confirmed_at = coalesce(email_confirmed_at, now()), updated_at = now()
  where id = $1 and email = $2)";

constexpr std::string_view kVerifyIdentity = R"(
  update identities
  set identity_data = identity_data || '{"email_verified": true}', updated_at = now()
  where user_id = $1 and provider = 'email')";

constexpr std::string_view kDropPassword = R"(
  update users set password_hash = null where id = $1 and email_confirmed_at is null)";

constexpr std::string_view kBeginChange = R"(
  update users set new_email = $2, email_change_awaits = $3::text[], updated_at = now()
  where id = $1)";

constexpr std::string_view kAwaitsChange = R"(
  select from users where id = $1 and $2 = any(email_change_awaits) and new_email = $3)";

constexpr std::string_view kCancelChange = R"(
  update users set new_email = null, email_change_awaits = '{}'
  where id = $1 and new_email is not null)";

// The row's lock makes the second of two simultaneous confirmations see the first.
constexpr std::string_view kConfirmChange = R"(
  update users set email_change_awaits = array_remove(email_change_awaits, $2)
  where id = $1 and $2 = any(email_change_awaits)
    and case when $2 = 'email_change_new' then new_email else email end = $3
  returning cardinality(email_change_awaits)::bigint as awaited)";

constexpr std::string_view kFinishChange = R"(
  update users
  set email = new_email, new_email = null, email_confirmed_at = now(), is_anonymous = false,
      updated_at = now()
  where id = $1 and new_email is not null)";

constexpr std::string_view kChangeIdentity = R"(
  insert into identities (user_id, provider, provider_id, identity_data)
  select id, 'email', id::text,
         jsonb_build_object('sub', id, 'email', email, 'email_verified', true,
                            'phone_verified', false)
  from users where id = $1
  on conflict (provider, provider_id) do update
  set identity_data = identities.identity_data || excluded.identity_data, updated_at = now())";

constexpr std::string_view kIsTaken = "select from users where email = $1";

constexpr std::string_view kHash = "select coalesce(auth_password_hash($1), '') as password_hash";

constexpr std::string_view kChangeData = R"(
  update users set user_metadata = (user_metadata || $2::jsonb) - $3::text[], updated_at = now()
  where id = $1)";

}  // namespace

void add_unconfirmed_account(Transaction& tx, const NewAccount& account) {
  const Identity& identity = account.identity.value();
  tx.execute(kAddUnconfirmed, account.id, account.email, account.password_hash,
             to_json(account.user_metadata), account.display_name, account.locale,
             identity.identity_id, identity.provider, identity.id, to_json(identity.identity_data));
}

bool confirm_address(Transaction& tx, std::string_view user_id, std::string_view email) {
  if (tx.execute(kConfirm, user_id, email) != 1) return false;
  tx.execute(kVerifyIdentity, user_id);
  return true;
}

void drop_unproved_password(Transaction& tx, std::string_view user_id) {
  tx.execute(kDropPassword, user_id);
}

void begin_email_change(Transaction& tx, std::string_view user_id, std::string_view new_email,
                        const std::vector<std::string>& awaits) {
  tx.execute(kBeginChange, user_id, new_email, awaits);
}

bool awaits_email_change(Database& service, std::string_view user_id, std::string_view purpose,
                         std::string_view new_email) {
  return !service.query(kAwaitsChange, user_id, purpose, new_email).empty();
}

void cancel_email_change(Transaction& tx, std::string_view user_id) {
  tx.execute(kCancelChange, user_id);
}

std::optional<std::int64_t> confirm_email_change(Transaction& tx, std::string_view user_id,
                                                 std::string_view purpose, std::string_view email) {
  const Rows rows = tx.query(kConfirmChange, user_id, purpose, email);
  if (rows.empty()) return std::nullopt;
  return rows[0].get<std::int64_t>("awaited");
}

void finish_email_change(Transaction& tx, std::string_view user_id) {
  tx.execute(kFinishChange, user_id);
  tx.execute(kChangeIdentity, user_id);
}

bool is_address_taken(Database& service, std::string_view email) {
  return !service.query(kIsTaken, email).empty();
}

std::string password_hash_of(Database& service, std::string_view user_id) {
  return service.query(kHash, user_id)[0].get<std::string>("password_hash");
}

void change_user_data(Database& service, std::string_view user_id, const Json& change,
                      const std::vector<std::string>& removed) {
  service.execute(kChangeData, user_id, to_json(change), removed);
}

}  // namespace calixo::auth
