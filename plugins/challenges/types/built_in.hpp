// The types that every Calixo has. Like anybody's they see <calixo/challenge_type.hpp> and tables of
// their plugin, and nothing of the code around them.
#pragma once

#include <calixo/challenge_type.hpp>

namespace calixo::challenges {

// daily, focus, social. [startup]
void register_built_in_types(Plugin& plugin);

}  // namespace calixo::challenges
