// The catalogue of challenges and people's attempts at them.
#include <calixo/plugin.hpp>

#include "challenges_routes.hpp"

CALIXO_PLUGIN("challenges", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.migrations();
  calixo::challenges::register_routes(plugin);
}
