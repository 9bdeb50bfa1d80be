// Sessions and their chains of refresh tokens in the database: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "account.hpp"

namespace calixo::auth {

// A refresh token at rest: of the token itself only its SHA-256. Bytes are in bytea's text form.
struct StoredToken {
  std::int64_t id = 0;
  std::string user_id;
  std::string session_id;
  std::string token_hash;
  std::string child_secret;
  std::optional<std::int64_t> parent_id;
  std::optional<double> replaced_s_ago;  // empty: this one is active
};
BOOST_DESCRIBE_STRUCT(StoredToken, (),
                      (id, user_id, session_id, token_hash, child_secret, parent_id,
                       replaced_s_ago))

struct NewSession {
  std::string id;
  std::string user_id;
  std::string aal = "aal1";
  Json amr;
  std::string token_hash;
  std::string child_secret;
};

void add_session(Batch& batch, const NewSession& session);

// The token with this hash, its session locked until the transaction ends, so that refreshes of
// one session come one after another.
std::optional<StoredToken> lock_token(Transaction& tx, const std::string& token_hash);
// The same lock by the session itself.
void lock_session(Transaction& tx, std::string_view session_id);
std::optional<StoredToken> token_by_hash(Transaction& tx, const std::string& token_hash);
std::optional<StoredToken> active_token(Transaction& tx, const std::string& session_id);
SessionClaims session_claims(Transaction& tx, const std::string& session_id);

// Makes child the active token in place of parent.
void replace_token(Transaction& tx, const StoredToken& parent, const std::string& child_hash,
                   const std::string& child_secret);

void end_session(Database& service, std::string_view session_id);
void end_all_sessions(Database& service, std::string_view user_id);
void end_other_sessions(Database& service, std::string_view user_id, std::string_view session_id);

}  // namespace calixo::auth
