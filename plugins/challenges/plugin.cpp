// The catalogue of challenges and people's attempts at them.
#include <calixo/plugin.hpp>

#include "challenges_plugin.hpp"

CALIXO_PLUGIN("challenges", "1.0.0", plugin) {
  plugin.depend("auth");
  plugin.migrations();
  plugin.own<calixo::challenges::ChallengesPlugin>(plugin);
}
