#include "flow_store.hpp"

namespace calixo::auth {
namespace {

constexpr std::string_view kInsert = R"(
  insert into flow_states (id, user_id, linking_user_id, method, provider, code_challenge,
                           code_challenge_method, nonce, provider_verifier, redirect_to,
                           state_hash, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, nullif($11, '')::bytea,
          now() + make_interval(secs => $12::float8)))";

constexpr std::string_view kSetCode = R"(
  update flow_states
  set user_id = $2, auth_code_hash = $3, provider_tokens = $4,
      expires_at = now() + make_interval(secs => $5::float8)
  where id = $1)";

constexpr std::string_view kTakeByCode = R"(
  with taken as (delete from flow_states where auth_code_hash = $1 returning *)
  select id, user_id, linking_user_id, method, provider, code_challenge, code_challenge_method,
         nonce, provider_verifier, redirect_to, provider_tokens
  from taken where expires_at > now())";

constexpr std::string_view kTakeByState = R"(
  with taken as (delete from flow_states where state_hash = $1 returning *)
  select id, user_id, linking_user_id, method, provider, code_challenge, code_challenge_method,
         nonce, provider_verifier, redirect_to, provider_tokens
  from taken where expires_at > now())";

}  // namespace

void add_flow(Batch& batch, const Flow& flow, const std::string& state_hash,
              std::int64_t lifetime_s) {
  batch.add(kInsert, flow.id, flow.user_id, flow.linking_user_id, flow.method, flow.provider,
            flow.code_challenge, flow.code_challenge_method, flow.nonce, flow.provider_verifier,
            flow.redirect_to, state_hash, lifetime_s);
}

bool set_auth_code(Database& service, const NewCode& code) {
  return service.execute(kSetCode, code.flow_id, code.user_id, code.code_hash, code.provider_tokens,
                         code.lifetime_s) == 1;
}

std::optional<Flow> take_flow_by_code(Database& service, const std::string& code_hash) {
  return service.query(kTakeByCode, code_hash).first<Flow>();
}

std::optional<Flow> take_flow_by_state(Database& service, const std::string& state_hash) {
  return service.query(kTakeByState, state_hash).first<Flow>();
}

void forget_expired_flows(Database& service) {
  service.execute("delete from flow_states where expires_at < now()");
}

}  // namespace calixo::auth
