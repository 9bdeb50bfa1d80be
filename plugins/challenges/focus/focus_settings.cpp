#include "focus/focus_settings.hpp"

namespace calixo::challenges {
namespace {

template <class Number>
Setting<Number> number(Plugin& plugin, std::string_view name, Number value, double min, double max,
                       std::string_view description) {
  return plugin.key<Number>(name, value)
      .min(min)
      .max(max)
      .describe(description)
      .runtime()
      .is_public()
      .setting();
}

}  // namespace

FocusSettings::FocusSettings(Plugin& plugin)
    : heartbeat_gap_s_max(number<std::int64_t>(
          plugin, "focus.heartbeat_gap_s_max", 120, 5, 3600,
          "Most that counts of the time between two heartbeats of a focus session, seconds")),
      silence_s_max(number<std::int64_t>(
          plugin, "focus.silence_s_max", 900, 10, 86'400,
          "A focus session without a heartbeat for longer has ended at its last one, seconds")),
      session_minutes_max(number<std::int64_t>(plugin, "focus.session_minutes_max", 240, 1, 1440,
                                               "Longest focus session, minutes")),
      interruption_s(number<std::int64_t>(plugin, "focus.interruption_s", 30, 0, 3600,
                                          "What each interruption of a focus session costs of its "
                                          "credited time, seconds")),
      credited_minutes_per_day_max(
          number<std::int64_t>(plugin, "focus.credited_minutes_per_day_max", 480, 0, 1440,
                               "Most focus time that is credited to a person for one local date, "
                               "minutes")),
      offline_age_h_max(number<std::int64_t>(
          plugin, "focus.offline_age_h_max", 72, 1, 720,
          "How long ago a focus session that is told of afterwards may have begun, hours")),
      reward_per_minute(number<double>(plugin, "focus.reward_per_minute", 0.5, 0, 1000,
                                       "What a credited minute of a focus session pays; one that "
                                       "belongs to a challenge is paid by the challenge")),
      energy_per_minute(number<double>(plugin, "focus.energy_per_minute", 0.2, 0, 100,
                                       "Energy that a credited minute gives the avatar")),
      experience_per_minute(number<double>(plugin, "focus.experience_per_minute", 1, 0, 1000,
                                           "Experience that a credited minute gives the avatar")),
      offline_factor(number<double>(plugin, "focus.offline_factor", 0.5, 0, 1,
                                    "What a focus session that is told of afterwards pays of what "
                                    "it else would")) {}

}  // namespace calixo::challenges
