// Flows that end with an authorization code, in the database: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service. Hashes are in bytea's text
// form.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace calixo::auth {

struct Flow {
  std::string id;
  std::optional<std::string> user_id;          // whose session its code opens, once known
  std::optional<std::string> linking_user_id;  // who adds an identity by it
  std::string method;                          // of the session's amr
  std::optional<std::string> provider;
  std::optional<std::string> code_challenge;
  std::optional<std::string> code_challenge_method;
  std::optional<std::string> nonce;
  std::optional<std::string> provider_verifier;
  std::optional<std::string> redirect_to;
  std::optional<std::string> provider_tokens;  // sealed; beside a code alone
};
BOOST_DESCRIBE_STRUCT(Flow, (),
                      (id, user_id, linking_user_id, method, provider, code_challenge,
                       code_challenge_method, nonce, provider_verifier, redirect_to,
                       provider_tokens))

// state_hash: of what the provider sends back; empty where there is none.
void add_flow(Batch& batch, const Flow& flow, const std::string& state_hash,
              std::int64_t lifetime_s);

struct NewCode {
  std::string flow_id;
  std::string user_id;
  std::string code_hash;
  std::optional<std::string> provider_tokens;
  std::int64_t lifetime_s = 0;
};
// From now on the code opens a session of this account. False: there is no such flow any more.
bool set_auth_code(Database& service, const NewCode& code);

// Takes the flow out: nobody gets it a second time. Nothing where there is none that is still good.
std::optional<Flow> take_flow_by_code(Database& service, const std::string& code_hash);
std::optional<Flow> take_flow_by_state(Database& service, const std::string& state_hash);

void forget_expired_flows(Database& service);

}  // namespace calixo::auth
