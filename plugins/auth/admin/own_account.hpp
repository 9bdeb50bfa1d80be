// Keeps administrators from locking themselves out by a slip.
#pragma once

#include <calixo/plugin.hpp>

#include <string_view>

namespace calixo::auth {

// Problem 409 own_account. The service key has no account of its own.
inline void refuse_own_account(const Context& context, std::string_view user_id) {
  require(context.principal().user_id != user_id, conflict("own_account"));
}

}  // namespace calixo::auth
