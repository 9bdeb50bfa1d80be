#include "session_service.hpp"

#include "account_store.hpp"
#include "encoding.hpp"

namespace calixo::auth {
namespace {

constexpr std::size_t kTokenBytes = 32;
// More rotations than this within the reuse window are no race of two tabs.
constexpr int kChainStepsMax = 16;

std::string hash_of(const std::string& refresh_token) { return bytea(sha256(refresh_token)); }

// The token that follows this one: the same each time it is asked for, and known to nobody who has
// not both the token and the database.
std::string child_of(const StoredToken& stored, const std::string& refresh_token) {
  return base64url(hmac_sha256(from_bytea(stored.child_secret), refresh_token));
}

std::string rotate(Transaction& tx, const StoredToken& active, const std::string& refresh_token) {
  std::string child = child_of(active, refresh_token);
  replace_token(tx, active, hash_of(child), bytea(random_bytes(kTokenBytes)));
  return child;
}

// A token that does not follow from the active one's text, which nobody showed.
std::string renew_from(Transaction& tx, const StoredToken& active) {
  std::string token = base64url(random_bytes(kTokenBytes));
  replace_token(tx, active, hash_of(token), bytea(random_bytes(kTokenBytes)));
  return token;
}

// The text of the active token, from that of one of its ancestors. Where a renewal cut the way, its
// answer was lost or met a refresh: who holds the ancestor goes on by a new token.
std::optional<std::string> walk_to(Transaction& tx, const StoredToken& active, StoredToken stored,
                                   std::string refresh_token) {
  for (int step = 0; step < kChainStepsMax; ++step) {
    refresh_token = child_of(stored, refresh_token);
    const std::string hash = hash_of(refresh_token);
    if (hash == active.token_hash) return refresh_token;
    auto next = token_by_hash(tx, hash);
    if (!next) return renew_from(tx, active);
    stored = std::move(*next);
  }
  return std::nullopt;
}

enum class Turn { unknown, reused, continued };
struct Refreshed {
  Turn turn = Turn::unknown;
  std::string refresh_token = {};
  SessionClaims session = {};
  std::optional<Account> account = {};
};

Refreshed take_turn(Transaction& tx, const std::string& presented, std::int64_t window_s) {
  const auto stored = lock_token(tx, hash_of(presented));
  if (!stored) return {Turn::unknown};
  std::optional<std::string> token;
  if (!stored->replaced_s_ago) {
    token = rotate(tx, *stored, presented);
  } else if (const auto active = active_token(tx, stored->session_id)) {
    const bool is_parent = active->parent_id == stored->id;
    const bool is_recent = *stored->replaced_s_ago <= static_cast<double>(window_s);
    if (is_parent || is_recent) token = walk_to(tx, *active, *stored, presented);
  }
  if (!token) {
    end_session(tx, stored->session_id);
    return {Turn::reused};
  }
  return {Turn::continued, std::move(*token), session_claims(tx, stored->session_id),
          account_by_id(tx, stored->user_id)};
}

}  // namespace

SessionService::Opening SessionService::open(const std::string& user_id, std::string_view method,
                                             Timestamp now) const {
  const std::string token = base64url(random_bytes(kTokenBytes));
  const boost::json::array amr{
      boost::json::object{{"method", method}, {"timestamp", now.unix_s()}}};
  return {NewSession{random_uuid(), user_id, "aal1", amr, hash_of(token),
                     bytea(random_bytes(kTokenBytes))},
          token};
}

Session SessionService::enter(Context& context, Account account, const Entry& entry) const {
  const Timestamp now = context.now();
  require(!is_banned(account, now), Problem(400, "user_banned"));
  account.last_sign_in_at = now;
  const Opening opening = open(account.id, entry.method, now);
  Database db = context.service_db();
  Batch batch = db.batch();
  add_sign_in(batch, account.id, entry.provider);
  add_session(batch, opening.session);
  try {
    batch.run();
  } catch (const DbError& error) {
    if (error.is_foreign_key_violation()) throw Problem(400, "invalid_credentials");
    throw;
  }
  return answer(account, opening, now);
}

Session SessionService::answer(const Account& account, const Opening& opening,
                               Timestamp now) const {
  const NewSession& session = opening.session;
  return answer(account, {session.id, session.aal, session.amr}, opening.refresh_token, now);
}

Session SessionService::answer(const Account& account, const SessionClaims& session,
                               const std::string& refresh_token, Timestamp now) const {
  const std::int64_t lifetime_s = settings_.access_token_lifetime_s.get();
  const std::int64_t expires_at_s = now.unix_s() + lifetime_s;
  const std::shared_ptr<const AccessTokens> tokens = tokens_.load();
  const std::string claims =
      claims_json(account, tokens->issuer(), session, now.unix_s(), expires_at_s);
  Session answered;
  answered.access_token = tokens->sign(claims);
  answered.token_type = "bearer";
  answered.expires_in = lifetime_s;
  answered.expires_at = expires_at_s;
  answered.refresh_token = refresh_token;
  answered.user = as_user(account);
  return answered;
}

Session SessionService::renew(Context& context, const std::string& session_id) const {
  const Refreshed renewed = context.service_transaction([&](Transaction& tx) -> Refreshed {
    lock_session(tx, session_id);
    const auto active = active_token(tx, session_id);
    if (!active) return {Turn::unknown};
    return {Turn::continued, renew_from(tx, *active), session_claims(tx, session_id),
            account_by_id(tx, active->user_id)};
  });
  require(renewed.account.has_value(), Problem(403, "session_not_found"));
  require(!is_banned(*renewed.account, context.now()), Problem(400, "user_banned"));
  return answer(*renewed.account, renewed.session, renewed.refresh_token, context.now());
}

Session SessionService::refresh(Context& context, const std::string& refresh_token) const {
  const std::int64_t window_s = settings_.refresh_reuse_window_s.get();
  const Refreshed refreshed = context.service_transaction(
      [&](Transaction& tx) { return take_turn(tx, refresh_token, window_s); });
  require(refreshed.turn != Turn::unknown, Problem(400, "refresh_token_not_found"));
  require(refreshed.turn != Turn::reused, Problem(400, "refresh_token_already_used"));
  require(refreshed.account.has_value(), Problem(400, "refresh_token_not_found"));
  require(!is_banned(*refreshed.account, context.now()), Problem(400, "user_banned"));
  return answer(*refreshed.account, refreshed.session, refreshed.refresh_token, context.now());
}

}  // namespace calixo::auth
