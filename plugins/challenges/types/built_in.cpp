#include "types/built_in.hpp"

#include "types/daily.hpp"
#include "types/focus.hpp"
#include "types/social.hpp"

namespace calixo::challenges {

void register_built_in_types(Plugin& plugin) {
  plugin.challenge_type<Daily>("daily");
  plugin.challenge_type<Focus>("focus");
  plugin.challenge_type<Social>("social");
  plugin.message("focused_too_short", {.es = "Todavía no ha pasado el tiempo de este reto.",
                                       .en = "The time of this challenge has not passed yet."});
}

}  // namespace calixo::challenges
