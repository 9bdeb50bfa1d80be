#include "identity_store.hpp"

namespace calixo::auth {
namespace {

// What a provider tells once, as Apple does a name, stays beside what it tells each time.
constexpr std::string_view kOwner = R"(
  update identities set identity_data = identity_data || $3, updated_at = now()
  where provider = $1 and provider_id = $2
  returning user_id)";

constexpr std::string_view kOwnerOfEmail = R"(
  select id as user_id from users where email = $1 and email_confirmed_at is not null)";

constexpr std::string_view kEndAnonymity = R"(
  update users u
  set is_anonymous = false, updated_at = now(),
      email = case when t.is_free then $2 else u.email end,
      email_confirmed_at = case when t.is_free then now() else u.email_confirmed_at end
  from (select $2 <> '' and not exists (select from users where email = $2) as is_free) t
  where u.id = $1 and u.is_anonymous)";

std::optional<std::string> user_id_in(const Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return rows[0].get<std::string>("user_id");
}

}  // namespace

std::optional<std::string> owner_of_identity(Database& service, std::string_view provider,
                                             std::string_view provider_id, const Json& data) {
  return user_id_in(service.query(kOwner, provider, provider_id, to_json(data)));
}

std::optional<std::string> owner_of_confirmed_email(Database& service, std::string_view email) {
  return user_id_in(service.query(kOwnerOfEmail, email));
}

bool is_email_taken(Database& service, std::string_view email) {
  return !service.query("select from users where email = $1", email).empty();
}

void end_anonymity(Database& service, std::string_view user_id, std::string_view email) {
  service.execute(kEndAnonymity, user_id, email);
}

std::vector<std::string> lock_identities(Transaction& tx, std::string_view user_id) {
  // The account's row stands for all of them: of two removals the second sees the first.
  const auto results =
      tx.batch()
          .add("select id from users where id = $1 for update", user_id)
          .add("select id from identities where user_id = $1 order by created_at", user_id)
          .run();
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < results[1].size(); ++i) {
    ids.push_back(results[1][i].get<std::string>("id"));
  }
  return ids;
}

void remove_identity(Transaction& tx, std::string_view identity_id) {
  tx.execute("delete from identities where id = $1", identity_id);
}

}  // namespace calixo::auth
