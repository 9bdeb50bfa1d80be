#include "challenges_plugin.hpp"

#include <calixo/personal_data.hpp>

#include "attempts_routes.hpp"
#include "challenges_routes.hpp"
#include "expire_command.hpp"
#include "templates_routes.hpp"
#include "types/built_in.hpp"

namespace calixo::challenges {
namespace {

constexpr std::int64_t kExpiredAtOnce = 500;

}  // namespace

ChallengesPlugin::ChallengesPlugin(Plugin& plugin)
    : settings_(plugin),
      types_(plugin),
      attempts_(plugin, types_, settings_),
      templates_(plugin, types_),
      focus_(plugin, attempts_) {
  register_built_in_types(plugin);
  register_challenge_routes(plugin, types_);
  register_attempt_routes(plugin, attempts_);
  register_template_routes(plugin, templates_);
  register_expire_command(plugin, attempts_);
  plugin.personal_data("challenges")
      .table("attempts", "select * from user_challenges where user_id = $1")
      .table("focus_sessions", "select * from focus_sessions where user_id = $1")
      .table("focus_days", "select * from focus_days where user_id = $1");
  plugin.every(std::chrono::minutes(1), "expire_attempts", [this](JobContext&) {
    while (attempts_.expire_due(kExpiredAtOnce) == kExpiredAtOnce) {
    }
  });
}

}  // namespace calixo::challenges
