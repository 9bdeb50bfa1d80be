// The keys of the avatar plugin, and what they come to.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>
#include <vector>

namespace calixo::avatar {

// The present keys, as statements take them: energies in thousandths.
struct Pace {
  std::int64_t decay_per_day = 0;
  std::int64_t energy_at_start = 0;
  std::int64_t tired_energy = 0;
  std::int64_t asleep_energy = 0;  // never above tired_energy
  std::vector<std::int64_t> level_beginnings;
};

class Settings {
 public:
  // [startup]
  explicit Settings(Plugin& plugin);

  // What holds now. [any-thread]
  Pace pace() const;

 private:
  Setting<std::int64_t> decay_per_day_;
  Setting<std::int64_t> energy_at_start_;
  Setting<std::int64_t> tired_energy_;
  Setting<std::int64_t> asleep_energy_;
  Setting<std::int64_t> level_step_;
  Setting<std::int64_t> level_growth_;
  Setting<std::int64_t> level_max_;
};

}  // namespace calixo::avatar
