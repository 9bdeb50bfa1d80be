// The life of an attempt: open, then completed once. What can't be becomes a problem with its code.
#pragma once

#include <calixo/plugin.hpp>

#include "challenges_store.hpp"

namespace calixo::challenges {

// Problems: 404 challenge_not_found, 409 already_started. [fiber, suspends]
Attempt start(Context& context, std::int32_t challenge_id);

// Problems: 404 attempt_not_found, 409 already_completed, 409 attempt_not_open. [fiber, suspends]
Attempt complete(Context& context, std::int32_t attempt_id);

}  // namespace calixo::challenges
