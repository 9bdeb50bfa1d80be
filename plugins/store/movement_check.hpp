// Whether a movement that another plugin asks for is well formed, as abi/wallet.h says.
// Pure functions. [any-thread]
#pragma once

#include <calixo/abi/wallet.h>

#include <string_view>

namespace calixo::store {

bool is_user_id(std::string_view text);
// All but the amount.
bool names_movement(const calixo_movement* movement);
bool is_movement(const calixo_movement* movement);

}  // namespace calixo::store
