#include "tokens/token_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kPut = R"(
  insert into one_time_tokens (user_id, purpose, email, token_hash, code_hash, flow_state_id,
                               redirect_to, expires_at)
  select u.id, $2, $3, $4, $5, (select id from flow_states where id = $6), nullif($7, ''),
         now() + make_interval(secs => $8::float8)
  from users u where u.id = $1 and (u.email = $3 or u.new_email = $3)
  on conflict (user_id, purpose) do update
  set email = excluded.email, token_hash = excluded.token_hash, code_hash = excluded.code_hash,
      attempts = 0, flow_state_id = excluded.flow_state_id, redirect_to = excluded.redirect_to,
      created_at = now(), expires_at = excluded.expires_at)";

// The flow lasts as long as the token that leads back to it.
constexpr std::string_view kKeepFlow = R"(
  update flow_states
  set expires_at = greatest(expires_at, now() + make_interval(secs => $2::float8)) where id = $1)";

constexpr std::string_view kTakeByToken = R"(
  with taken as (
    delete from one_time_tokens where token_hash = $1 and purpose = any($2::text[]) returning *)
  select user_id, purpose, email, flow_state_id, redirect_to from taken where expires_at > now())";

// One statement, so that of simultaneous tries each is counted and one at most is right. The right
// code ends its token by its time; a wrong one leaves the link good, whose token nobody guesses:
// else whoever knows an address could void its mails.
constexpr std::string_view kTakeByCode = R"(
  with tried as (
    update one_time_tokens t
    set attempts = t.attempts + 1,
        expires_at = case when t.code_hash = w.code_hash then '-infinity' else t.expires_at end
    from unnest($2::text[], $3::bytea[]) as w (purpose, code_hash)
    where t.email = $1 and t.purpose = w.purpose and t.expires_at > now() and t.attempts < $4
    returning t.*)
  select user_id, purpose, email, flow_state_id, redirect_to
  from tried where expires_at = '-infinity' limit 1)";

}  // namespace

bool put_token(Database& service, const NewToken& token) {
  Batch batch = service.batch();
  batch.add(kPut, token.user_id, token.purpose, token.email, token.token_hash, token.code_hash,
            token.flow_state_id, token.redirect_to, token.lifetime_s);
  batch.add(kKeepFlow, token.flow_state_id, token.lifetime_s);
  return batch.run()[0].affected() == 1;
}

std::optional<TakenToken> take_by_token(Database& service, const std::string& token_hash,
                                        const std::vector<std::string>& purposes) {
  return service.query(kTakeByToken, token_hash, purposes).first<TakenToken>();
}

std::optional<TakenToken> take_by_code(Database& service, const std::string& email,
                                       const std::vector<std::string>& purposes,
                                       const std::vector<std::string>& code_hashes) {
  return service.query(kTakeByCode, email, purposes, code_hashes, kWrongCodesMax)
      .first<TakenToken>();
}

void drop_tokens(Database& service, std::string_view user_id,
                 const std::vector<std::string>& purposes) {
  service.execute("delete from one_time_tokens where user_id = $1 and purpose = any($2::text[])",
                  user_id, purposes);
}

void forget_expired_tokens(Database& service) {
  service.execute("delete from one_time_tokens where expires_at < now()");
}

}  // namespace calixo::auth
