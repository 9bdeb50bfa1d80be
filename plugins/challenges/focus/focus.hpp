// The wiring of focus sessions: which part stands on which.
#pragma once

#include <calixo/plugin.hpp>

#include "attempts_service.hpp"
#include "focus/focus_service.hpp"
#include "focus/focus_settings.hpp"

namespace calixo::challenges {

class FocusSessions {
 public:
  // Registers everything but the challenge type. [startup]
  FocusSessions(Plugin& plugin, AttemptsService& attempts);

 private:
  FocusSettings settings_;
  FocusService service_;
};

}  // namespace calixo::challenges
