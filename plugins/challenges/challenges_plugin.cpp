#include "challenges_plugin.hpp"

#include <calixo/personal_data.hpp>

#include "attempts_routes.hpp"
#include "challenges_routes.hpp"
#include "expire_command.hpp"
#include "reviews_routes.hpp"
#include "templates_routes.hpp"
#include "types/built_in.hpp"

namespace calixo::challenges {
namespace {

constexpr std::int64_t kExpiredAtOnce = 500;

// All of them but who decided: that is about somebody else.
constexpr std::string_view kAttemptsQuery =
    "select id, challenge_id, status, started_at, completed_at, expires_at, state, progress_count, "
    "last_progress_at, reward, reason, rules, offered_reward, energy, experience, is_paid, "
    "claimed_at, resolved_at, taken_back from user_challenges where user_id = $1";

}  // namespace

ChallengesPlugin::ChallengesPlugin(Plugin& plugin)
    : settings_(plugin),
      types_(plugin),
      completions_(plugin, settings_),
      attempts_(plugin, types_, settings_, completions_),
      reviews_(completions_),
      templates_(plugin, types_, settings_),
      focus_(plugin, attempts_) {
  register_built_in_types(plugin);
  register_challenge_routes(plugin, types_, settings_);
  register_attempt_routes(plugin, attempts_);
  register_review_routes(plugin, reviews_);
  register_template_routes(plugin, templates_);
  register_expire_command(plugin, attempts_);
  plugin.personal_data("challenges")
      .table("attempts", kAttemptsQuery)
      .table("streaks", "select * from streaks where user_id = $1")
      .table("focus_sessions", "select * from focus_sessions where user_id = $1")
      .table("focus_days", "select * from focus_days where user_id = $1");
  plugin.every(std::chrono::minutes(1), "expire_attempts", [this](JobContext&) {
    while (attempts_.expire_due(kExpiredAtOnce) == kExpiredAtOnce) {
    }
  });
}

}  // namespace calixo::challenges
