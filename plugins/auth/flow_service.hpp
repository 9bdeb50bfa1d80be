// PKCE (RFC 7636) between this server and its clients: a link or a provider leads back with a code,
// and only whoever began the flow can exchange it for a session.
#pragma once

#include <calixo/plugin.hpp>

#include <optional>
#include <string>

#include "flow_store.hpp"
#include "oauth/provider_tokens.hpp"
#include "session_service.hpp"

namespace calixo::auth {

// What a client sends where it wants a code rather than tokens; nulls where not.
struct CodeChallenge {
  std::optional<std::string> code_challenge;
  std::optional<std::string> code_challenge_method;
};

struct CodeExchange {
  std::string auth_code;
  std::string code_verifier;
};

class FlowService {
 public:
  explicit FlowService(const SessionService& sessions) : sessions_(sessions) {}

  // The challenge as it is kept; nothing where the client sent none. Problem 400 validation_failed.
  static std::optional<CodeChallenge> checked(const Context& context, const CodeChallenge& sent);

  // The code that opens a session of this account, once, within five minutes. Nothing where the
  // flow is gone. tokens: what the session is to bring along. [fiber, suspends]
  static std::optional<std::string> issue_code(Database& service, const std::string& flow_id,
                                               const std::string& user_id,
                                               const ProviderTokens& tokens = {});

  // Problems: 404 flow_state_not_found; 400 bad_code_verifier, validation_failed.
  // [fiber, suspends]
  Session exchange(Context& context, const CodeExchange& given) const;

 private:
  const SessionService& sessions_;
};

}  // namespace calixo::auth
