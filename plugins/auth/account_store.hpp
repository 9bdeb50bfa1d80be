// Accounts, profiles and appointments in the database: SQL and nothing else.
// Every call suspends its fiber; all but of_caller want a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account.hpp"

namespace calixo::auth {

struct NewAccount {
  std::string id;
  std::string email;          // empty: none
  std::string password_hash;  // empty: none
  Json user_metadata;
  std::optional<std::string> display_name;
  std::string locale;
  bool is_confirmed = false;
  bool is_anonymous = false;
  std::optional<Identity> identity = {};
};

struct AccountWithHash {
  Account account;
  std::string password_hash;  // empty where none is set
};

// Adds what makes an account and its profile. A taken address fails the batch with a unique
// violation of kEmailConstraint.
inline constexpr std::string_view kEmailConstraint = "users_email_key";
void add_account(Batch& batch, const NewAccount& account);
void add_appointment(Batch& batch, const std::string& user_id, std::string_view role);
void add_identity(Batch& batch, const Identity& identity);
// provider: the identity that was used.
void add_sign_in(Batch& batch, const std::string& user_id, std::string_view provider);

std::optional<Account> account_by_id(Database& service, std::string_view user_id);
// In the order of the ids; without those that are gone.
std::vector<Account> accounts_by_ids(Database& service, const std::vector<std::string>& user_ids);
std::optional<AccountWithHash> account_by_email(Database& service, std::string_view email);
// Only where the hash is still the known one.
void replace_hash(Database& service, std::string_view user_id, std::string_view known,
                  std::string_view hash);
void change_password(Database& service, std::string_view user_id, std::string_view hash);

// The caller's own account, only while the session of its token is open.
std::optional<Account> account_of_session(Database& caller, std::string_view user_id,
                                          std::string_view session_id);

}  // namespace calixo::auth
