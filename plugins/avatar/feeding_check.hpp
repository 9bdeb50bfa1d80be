// Whether what another plugin hands over is what calixo/abi/avatar.h says.
// Pure functions. [any-thread]
#pragma once

#include <calixo/abi/avatar.h>

namespace calixo::avatar {

bool is_person(calixo_str user_id);
bool is_well_formed(const calixo_feeding* feeding);
bool is_well_formed(const calixo_cosmetic* cosmetic);

}  // namespace calixo::avatar
