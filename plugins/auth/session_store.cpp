#include "session_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kInsertSession = R"(
  insert into sessions (id, user_id, aal, amr) values ($1, $2, $3, $4))";

constexpr std::string_view kInsertToken = R"(
  insert into refresh_tokens (user_id, session_id, token_hash, child_secret)
  values ($1, $2, $3, $4))";

// A statement of its own: the one that reads the token after it sees what the last holder of the
// lock has written.
constexpr std::string_view kLockSession = R"(
  select id from sessions
  where id = (select session_id from refresh_tokens where token_hash = $1)
  for update)";

constexpr std::string_view kTokenByHash = R"(
  select id, user_id, session_id, token_hash, child_secret, parent_id,
         extract(epoch from clock_timestamp() - replaced_at)::float8 as replaced_s_ago
  from refresh_tokens where token_hash = $1)";

constexpr std::string_view kActiveToken = R"(
  select id, user_id, session_id, token_hash, child_secret, parent_id,
         extract(epoch from clock_timestamp() - replaced_at)::float8 as replaced_s_ago
  from refresh_tokens where session_id = $1 and replaced_at is null)";

constexpr std::string_view kReplace = R"(
  update refresh_tokens set replaced_at = clock_timestamp() where id = $1)";

constexpr std::string_view kInsertChild = R"(
  insert into refresh_tokens (user_id, session_id, parent_id, token_hash, child_secret)
  values ($1, $2, $3, $4, $5))";

constexpr std::string_view kTouchSession = R"(
  update sessions set refreshed_at = now() where id = $1)";

}  // namespace

void add_session(Batch& batch, const NewSession& session) {
  batch.add(kInsertSession, session.id, session.user_id, session.aal, to_json(session.amr));
  batch.add(kInsertToken, session.user_id, session.id, session.token_hash, session.child_secret);
}

std::optional<StoredToken> lock_token(Transaction& tx, const std::string& token_hash) {
  return tx.batch()
      .add(kLockSession, token_hash)
      .add(kTokenByHash, token_hash)
      .run()[1]
      .first<StoredToken>();
}

void lock_session(Transaction& tx, std::string_view session_id) {
  tx.execute("select id from sessions where id = $1 for update", session_id);
}

std::optional<StoredToken> token_by_hash(Transaction& tx, const std::string& token_hash) {
  return tx.query(kTokenByHash, token_hash).first<StoredToken>();
}

std::optional<StoredToken> active_token(Transaction& tx, const std::string& session_id) {
  return tx.query(kActiveToken, session_id).first<StoredToken>();
}

SessionClaims session_claims(Transaction& tx, const std::string& session_id) {
  const Rows rows = tx.query("select aal, amr from sessions where id = $1", session_id);
  if (rows.empty()) return {session_id, "aal1", boost::json::array()};
  return {session_id, rows[0].get<std::string>("aal"), rows[0].get<Json>("amr")};
}

void replace_token(Transaction& tx, const StoredToken& parent, const std::string& child_hash,
                   const std::string& child_secret) {
  tx.batch()
      .add(kReplace, parent.id)
      .add(kInsertChild, parent.user_id, parent.session_id, parent.id, child_hash, child_secret)
      .add(kTouchSession, parent.session_id)
      .run();
}

void end_session(Database& service, std::string_view session_id) {
  service.execute("delete from sessions where id = $1", session_id);
}

void end_all_sessions(Database& service, std::string_view user_id) {
  service.execute("delete from sessions where user_id = $1", user_id);
}

void end_other_sessions(Database& service, std::string_view user_id, std::string_view session_id) {
  service.execute("delete from sessions where user_id = $1 and id <> $2", user_id, session_id);
}

}  // namespace calixo::auth
