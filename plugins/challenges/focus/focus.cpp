#include "focus/focus.hpp"

#include <chrono>

#include "focus/focus_routes.hpp"

namespace calixo::challenges {
namespace {

constexpr std::int64_t kEndedAtOnce = 500;

}  // namespace

FocusSessions::FocusSessions(Plugin& plugin, AttemptsService& attempts)
    : settings_(plugin), service_(plugin, attempts, settings_) {
  register_focus_routes(plugin, service_);
  plugin.every(std::chrono::minutes(1), "end_focus_sessions", [this](JobContext&) {
    while (service_.end_over(kEndedAtOnce) == kEndedAtOnce) {
    }
  });
}

}  // namespace calixo::challenges
