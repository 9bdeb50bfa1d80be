// What changed about callers, in the database: SQL and nothing else.
// Every call suspends its fiber and wants a database as the service.
#pragma once

#include <calixo/plugin.hpp>

#include <string>
#include <vector>

#include "standing/standing.hpp"

namespace calixo::auth {

// Longer than any access token is good, by its key's bound, and two clocks may be apart.
inline constexpr std::int64_t kChangesKeptS = 86'400 + 600;

struct StandingNews {
  std::string horizon;  // where the next look goes on
  std::vector<StandingChange> changes;
  std::string key_marks;  // differs where the signing keys do
};
// horizon: of the last look; "0": from the beginning.
StandingNews read_standing_news(Database& service, const std::string& horizon);

void forget_old_changes(Database& service);

// False where there is no such person. Who has the role already keeps it without a write.
bool set_premium(Database& service, const Uuid& user_id, bool is_premium);

}  // namespace calixo::auth
