// The keys of the challenges plugin.
#pragma once

#include <calixo/plugin.hpp>

namespace calixo::challenges {

struct Settings {
  explicit Settings(Plugin& plugin)
      : reward_factor_max(
            plugin.key<double>("challenges.reward_factor_max", 2)
                .min(1)
                .max(100)
                .describe("Most that a challenge type may multiply a template's reward by; a type "
                          "that asks for more fails the completion")
                .runtime()
                .setting()) {}

  Setting<double> reward_factor_max;
};

}  // namespace calixo::challenges
