// The keys of focus sessions.
#pragma once

#include <calixo/plugin.hpp>

#include <cstdint>

#include "focus/credit.hpp"

namespace calixo::challenges {

struct FocusSettings {
  explicit FocusSettings(Plugin& plugin);

  // The values of now. [any-thread]
  CreditRules credit_rules() const {
    return {heartbeat_gap_s_max.get(), silence_s_max.get(), session_minutes_max.get() * 60,
            interruption_s.get()};
  }

  Setting<std::int64_t> heartbeat_gap_s_max, silence_s_max, session_minutes_max, interruption_s;
  Setting<std::int64_t> credited_minutes_per_day_max, offline_age_h_max;
  Setting<double> reward_per_minute, energy_per_minute, experience_per_minute, offline_factor;
};

}  // namespace calixo::challenges
