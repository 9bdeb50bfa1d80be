// The wiring of the challenges plugin: which part stands on which.
#pragma once

#include <calixo/plugin.hpp>

#include "attempts_service.hpp"
#include "completions.hpp"
#include "focus/focus.hpp"
#include "reviews_service.hpp"
#include "settings.hpp"
#include "templates_service.hpp"
#include "type_directory.hpp"

namespace calixo::challenges {

class ChallengesPlugin {
 public:
  // Registers everything. [startup]
  explicit ChallengesPlugin(Plugin& plugin);

 private:
  Settings settings_;
  TypeDirectory types_;
  Completions completions_;
  AttemptsService attempts_;
  ReviewsService reviews_;
  TemplatesService templates_;
  FocusSessions focus_;
};

}  // namespace calixo::challenges
