// Accounts as administrators see and change them, in the database: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account.hpp"

namespace calixo::auth {

// An account in lists of this server's own format.
struct AdminUser {
  std::string id;
  std::string email;  // empty: none
  std::optional<std::string> display_name;
  std::string role;  // "user", "premium", "moderator", "admin"
  bool is_anonymous = false;
  std::optional<Timestamp> email_confirmed_at;
  std::optional<Timestamp> last_sign_in_at;
  std::optional<Timestamp> banned_until;  // empty: not banned now
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(AdminUser, (),
                      (id, email, display_name, role, is_anonymous, email_confirmed_at,
                       last_sign_in_at, banned_until, created_at))

// What a list is to hold; newest first.
struct AdminUserFilter {
  std::string search;  // how the address or the display name begins; empty: any
  std::string role;    // "admin", "moderator"; empty: any
  std::optional<bool> is_banned;
  std::optional<Timestamp> before_created_at;  // both: goes on after this one
  std::string before_id;
  std::int64_t limit = 20;
};
std::vector<AdminUser> admin_users(Database& service, const AdminUserFilter& filter);
std::optional<AdminUser> admin_user(Database& service, std::string_view user_id);
// The account of an address, locked until the transaction ends.
std::optional<Account> lock_account(Transaction& tx, std::string_view email);
// text: an address or an id; nothing where there is no such account.
std::optional<std::string> user_id_of(Database& service, std::string_view text);

// For the wire format, which counts pages: oldest first.
struct AccountPage {
  std::vector<Account> accounts;
  std::int64_t total = 0;
};
AccountPage account_page(Database& service, std::int64_t page, std::int64_t per_page);

// What is empty stays as it is. Metadata is merged; a null removes its key.
struct AccountChange {
  std::optional<std::string> email;
  std::optional<bool> confirms_email;
  std::optional<std::string> password_hash;  // ends the account's sessions
  std::optional<Json> user_metadata;
  std::optional<Json> app_metadata;
  std::optional<std::int64_t> ban_s;  // from now; 0: lifted
};
// False where there is no such account. A taken address is a unique violation of kEmailConstraint.
bool change_account(Database& service, std::string_view user_id, const AccountChange& change);

void appoint(Database& service, std::string_view user_id, std::string_view role);  // "ADMIN", …
void dismiss(Database& service, std::string_view user_id);
// Who administers and is not banned; locked until the transaction ends.
std::vector<std::string> lock_administrators(Database& transaction);

}  // namespace calixo::auth
