#include "settings.hpp"

#include <algorithm>
#include <string_view>

#include "levels.hpp"

namespace calixo::avatar {
namespace {

constexpr std::int64_t kThousandths = 1000;

// All of them change while the server runs, and the PWA may show them.
Setting<std::int64_t> number(Plugin& plugin, std::string_view name, std::int64_t value,
                             double least, double most, std::string_view description) {
  return plugin.key<std::int64_t>(name, value)
      .min(least)
      .max(most)
      .describe(description)
      .runtime()
      .is_public()
      .setting();
}

}  // namespace

Settings::Settings(Plugin& plugin)
    : decay_per_day_(number(plugin, "avatar.energy_decay_per_day", 20, 0, 2400,
                            "Points of energy that an avatar loses in 24 hours; 0: none")),
      energy_at_start_(number(plugin, "avatar.energy_at_start", 100, 0, 100,
                              "Energy of an avatar at its person's first look")),
      tired_energy_(number(plugin, "avatar.tired_energy_max", 30, 0, 100,
                           "Most energy with which an avatar is tired")),
      asleep_energy_(number(plugin, "avatar.asleep_energy_max", 10, 0, 100,
                            "Most energy with which an avatar is asleep; above "
                            "avatar.tired_energy_max it counts as that")),
      level_step_(number(plugin, "avatar.level_step_experience", 100, 1, 1'000'000,
                         "Experience from level 1 to level 2")),
      level_growth_(number(plugin, "avatar.level_growth_experience", 50, 0, 1'000'000,
                           "How much more experience each further level takes than the one "
                           "before")),
      level_max_(number(plugin, "avatar.level_max", 50, 1, 200, "The highest level")) {}

Pace Settings::pace() const {
  const std::int64_t tired = tired_energy_.get();
  return {.decay_per_day = decay_per_day_.get(),
          .energy_at_start = energy_at_start_.get() * kThousandths,
          .tired_energy = tired * kThousandths,
          .asleep_energy = std::min(asleep_energy_.get(), tired) * kThousandths,
          .level_beginnings = level_beginnings({.step = level_step_.get(),
                                                .growth = level_growth_.get(),
                                                .level_max = level_max_.get()})};
}

}  // namespace calixo::avatar
