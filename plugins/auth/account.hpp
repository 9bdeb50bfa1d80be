// An account as the store reads it, and as clients and tokens see it.
// Values. [any-thread]
#pragma once

#include <calixo/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace calixo::auth {

// How an account may be entered, in Supabase Auth's wire format.
struct Identity {
  std::string identity_id;
  std::string id;  // the provider's word for the person; of "email" the account's id
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

// A second factor without its secret, in the same format.
struct Factor {
  std::string id;
  std::optional<std::string> friendly_name;
  std::string factor_type;
  std::string status;  // "unverified" or "verified"
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(Factor, (), (id, friendly_name, factor_type, status, created_at, updated_at))

// What an account may be entered by, each list oldest first.
struct Entrances {
  std::vector<Identity> identities;
  std::vector<Factor> factors;
};
BOOST_DESCRIBE_STRUCT(Entrances, (), (identities, factors))

struct Account {
  std::string id;
  std::string email;  // empty: none
  Timestamp created_at;
  Timestamp updated_at;
  std::optional<Timestamp> email_confirmed_at;
  std::optional<Timestamp> last_sign_in_at;
  Json app_metadata;
  Json user_metadata;
  bool is_anonymous = false;
  std::optional<Timestamp> banned_until;
  std::optional<Timestamp> invited_at;
  std::optional<Timestamp> confirmation_sent_at;
  std::optional<Timestamp> recovery_sent_at;
  std::optional<Timestamp> email_change_sent_at;
  std::optional<std::string> new_email;   // asked for, not yet confirmed
  std::optional<std::string> admin_role;  // of admin_users: "ADMIN", "MODERATOR"
  Entrances entrances = {};
};
BOOST_DESCRIBE_STRUCT(Account, (),
                      (id, email, created_at, updated_at, email_confirmed_at, last_sign_in_at,
                       app_metadata, user_metadata, is_anonymous, banned_until, invited_at,
                       confirmation_sent_at, recovery_sent_at, email_change_sent_at, new_email,
                       admin_role, entrances))

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
  std::vector<Factor> factors;
  bool is_anonymous = false;
  std::optional<Timestamp> banned_until;
  std::optional<Timestamp> invited_at;
  std::optional<Timestamp> confirmation_sent_at;
  std::optional<Timestamp> recovery_sent_at;
  std::optional<Timestamp> email_change_sent_at;
  std::optional<std::string> new_email;
  Timestamp created_at;
  Timestamp updated_at;
};
BOOST_DESCRIBE_STRUCT(User, (),
                      (id, aud, role, email, email_confirmed_at, confirmed_at, phone,
                       last_sign_in_at, app_metadata, user_metadata, identities, factors,
                       is_anonymous, banned_until, invited_at, confirmation_sent_at,
                       recovery_sent_at, email_change_sent_at, new_email, created_at, updated_at))

bool is_banned(const Account& account, Timestamp now);

// "user", "premium", "moderator" or "admin": admin_users decides before anything else.
std::string app_role(const Account& account);

User as_user(const Account& account);

// The identity of an account that is entered by its address.
Identity email_identity(const std::string& user_id, const std::string& email, bool is_confirmed,
                        Timestamp now);

// What an access token says of its session.
struct SessionClaims {
  std::string session_id;
  std::string aal = "aal1";  // "aal2" once a second factor was shown
  Json amr;                  // how and when it was opened: [{"method", "timestamp"}]
};

// The claims of an access token, as JSON.
std::string claims_json(const Account& account, const std::string& issuer,
                        const SessionClaims& session, std::int64_t issued_at_s,
                        std::int64_t expires_at_s);

// Lower-cased, or nothing where it is no address.
std::optional<std::string> normal_email(std::string_view text);

}  // namespace calixo::auth
