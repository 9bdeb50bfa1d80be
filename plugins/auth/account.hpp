// An account as the store reads it, and as clients and tokens see it.
// Values. [any-thread]
#pragma once

#include <calixo/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace calixo::auth {

struct Account {
  std::string id;
  std::string email;
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Timestamp> email_confirmed_at;
  std::optional<Timestamp> last_sign_in_at;
  Json app_metadata;
  Json user_metadata;
  std::optional<std::string> admin_role;  // of admin_users: "ADMIN", "MODERATOR"
};
BOOST_DESCRIBE_STRUCT(Account, (),
                      (id, email, created_at, updated_at, email_confirmed_at, last_sign_in_at,
                       app_metadata, user_metadata, admin_role))

// How an account may be entered, in Supabase Auth's wire format.
struct Identity {
  std::string identity_id;
  std::string id;
  std::string user_id;
  Json identity_data;
  std::string provider;
  std::optional<Timestamp> last_sign_in_at;
  Timestamp created_at;
  Timestamp updated_at;
  std::string email;
};
BOOST_DESCRIBE_STRUCT(Identity, (),
                      (identity_id, id, user_id, identity_data, provider, last_sign_in_at,
                       created_at, updated_at, email))

// The account in Supabase Auth's wire format.
struct User {
  std::string id;
  std::string aud;
  std::string role;
  std::string email;
  std::optional<Timestamp> email_confirmed_at;
  std::optional<Timestamp> confirmed_at;
  std::string phone;
  std::optional<Timestamp> last_sign_in_at;
  Json app_metadata;
  Json user_metadata;
  std::vector<Identity> identities;
  std::vector<Json> factors;
  bool is_anonymous = false;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(User, (),
                      (id, aud, role, email, email_confirmed_at, confirmed_at, phone,
                       last_sign_in_at, app_metadata, user_metadata, identities, factors,
                       is_anonymous, created_at, updated_at))

// "user", "premium", "moderator" or "admin": admin_users decides before anything else.
std::string app_role(const Account& account);

User as_user(const Account& account);

// The claims of an access token, as JSON. amr: how and when the session was opened.
std::string claims_json(const Account& account, const std::string& issuer,
                        const std::string& session_id, const Json& amr, std::int64_t issued_at_s,
                        std::int64_t expires_at_s);

// Lower-cased, or nothing where it is no address.
std::optional<std::string> normal_email(std::string_view text);

}  // namespace calixo::auth
