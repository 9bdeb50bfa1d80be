// A user of Supabase as an account of this server, or the reason why it is left.
// Pure functions. [any-thread]
#pragma once

#include <calixo/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace calixo::auth {

// Members are the columns that import_store.cpp writes; texts of times as PostgreSQL gave them.
struct ImportedAccount {
  std::string id;
  std::optional<std::string> email;
  std::optional<std::string> password_hash;
  std::optional<std::string> email_confirmed_at;
  std::optional<std::string> created_at;
  std::optional<std::string> updated_at;
  std::optional<std::string> last_sign_in_at;
  std::optional<std::string> invited_at;
  std::optional<std::string> banned_until;
  bool is_anonymous = false;
  Json app_metadata;
  Json user_metadata;
  std::optional<std::string> display_name;
  bool is_private = false;
  std::int64_t avatar_energy = 100;
  std::optional<std::string> profile_created_at;
};
BOOST_DESCRIBE_STRUCT(ImportedAccount, (),
                      (id, email, password_hash, email_confirmed_at, created_at, updated_at,
                       last_sign_in_at, invited_at, banned_until, is_anonymous, app_metadata,
                       user_metadata, display_name, is_private, avatar_energy, profile_created_at))

struct ImportedIdentity {
  std::string user_id;
  std::string provider;
  std::string provider_id;
  Json identity_data;
  std::optional<std::string> last_sign_in_at;
  std::optional<std::string> created_at;
  std::optional<std::string> updated_at;
};
BOOST_DESCRIBE_STRUCT(ImportedIdentity, (),
                      (user_id, provider, provider_id, identity_data, last_sign_in_at, created_at,
                       updated_at))

struct Imported {
  std::string id;
  std::optional<ImportedAccount> account;  // empty: left, for the first of the reasons
  std::vector<ImportedIdentity> identities;
  std::vector<std::string> reasons;  // what was left of it, as stable codes
};

// source: as SupabaseSource::users_after gives it.
Imported imported(const Json& source);

}  // namespace calixo::auth
