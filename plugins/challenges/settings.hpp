// The keys of the challenges plugin.
#pragma once

#include <calixo/plugin.hpp>

namespace calixo::challenges {

// What a template may promise, and a payment be. Read it once for what belongs together.
struct RewardBounds {
  std::int64_t min = 0;
  std::int64_t max = 0;  // holds where they contradict each other
};

struct Settings {
  explicit Settings(Plugin& plugin)
      : reward_factor_max(
            plugin.key<double>("challenges.reward_factor_max", 2)
                .min(1)
                .max(100)
                .describe("Most that a challenge type may multiply a template's reward by; a type "
                          "that asks for more fails the completion")
                .runtime()
                .setting()),
        reward_min(
            number(plugin, "reward_min", 0, 0, kRewardMost,
                   "Least that a challenge may promise and that a completion pays, unless its type "
                   "says that it earns nothing")
                .is_public()),
        reward_max(number(plugin, "reward_max", 1000, 0, kRewardMost,
                          "Most that a challenge may promise and that a completion pays")
                       .is_public()),
        energy_default(number(plugin, "energy_default", 10, 0, 100,
                              "Energy that a completion gives the avatar where its template does "
                              "not say")),
        experience_default(number(plugin, "experience_default", 20, 0, 10'000,
                                  "Experience that a completion gives the avatar where its "
                                  "template does not say")),
        daily_set_size(number(plugin, "daily_set_size", 3, 0, 50,
                              "How many of the challenges that take turns are on offer to one "
                              "person on one day")
                           .is_public()),
        starts_per_day_max(number(plugin, "starts_per_day_max", 50, 1, 10'000,
                                  "Attempts that a person may begin in one local day")
                               .is_public()),
        open_max(
            number(plugin, "open_max", 20, 1, 1000, "Attempts that a person may have open at once")
                .is_public()),
        completions_per_day_max(number(plugin, "completions_per_day_max", 30, 1, 10'000,
                                       "Completions that are accepted of a person in one local day")
                                    .is_public()) {}

  RewardBounds reward_bounds() const { return {reward_min.get(), reward_max.get()}; }

  Setting<double> reward_factor_max;
  Setting<std::int64_t> reward_min, reward_max, energy_default, experience_default, daily_set_size,
      starts_per_day_max, open_max, completions_per_day_max;

 private:
  static constexpr double kRewardMost = 100'000;  // what the tables hold

  static KeyBuilder<std::int64_t> number(Plugin& plugin, std::string_view name, std::int64_t value,
                                         double min, double max, std::string_view text) {
    return plugin.key<std::int64_t>("challenges." + std::string(name), value)
        .min(min)
        .max(max)
        .describe(text)
        .runtime();
  }
};

}  // namespace calixo::challenges
