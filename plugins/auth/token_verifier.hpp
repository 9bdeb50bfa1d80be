// The service calixo.token_verifier/1: what the host asks of a bearer token it has not seen yet.
#pragma once

#include <calixo/abi/token_verifier.h>

#include <memory>

#include "access_token.hpp"
#include "standing/standing.hpp"

namespace calixo::auth {

// The table to offer; it denies every token until a verifier is published.
const calixo_token_verifier_v1& token_verifier_table();

// From now on tokens are checked against these keys; nullptr: against none.
// [any-thread], one at a time
void publish_token_verifier(std::shared_ptr<const AccessTokens> tokens);

// From now on what is known of callers overrides what their tokens say; nullptr: nothing does. It
// outlives all requests. [startup]
void use_standing(const Standing* standing);

}  // namespace calixo::auth
