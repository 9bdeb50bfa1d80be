#include "challenges_plugin.hpp"

#include "attempts_routes.hpp"
#include "challenges_routes.hpp"
#include "expire_command.hpp"
#include "templates_routes.hpp"
#include "types/built_in.hpp"

namespace calixo::challenges {

ChallengesPlugin::ChallengesPlugin(Plugin& plugin)
    : settings_(plugin),
      types_(plugin),
      attempts_(plugin, types_, settings_),
      templates_(plugin, types_) {
  register_built_in_types(plugin);
  register_challenge_routes(plugin, types_);
  register_attempt_routes(plugin, attempts_);
  register_template_routes(plugin, templates_);
  register_expire_command(plugin, attempts_);
}

}  // namespace calixo::challenges
