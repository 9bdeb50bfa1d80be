// What feeds an avatar and what becomes a person's, in the database: SQL and nothing else. As the
// service, in another plugin's transaction; every call but the first suspends its fiber.
#pragma once

#include <calixo/db.hpp>
#include <calixo/deferred_rows.hpp>

#include <cstdint>
#include <string_view>

#include "settings.hpp"

namespace calixo::avatar {

struct Meal {
  std::string_view user_id;
  std::string_view source;
  std::int32_t energy = 0;
  std::int32_t experience = 0;
  std::int32_t streak_days = 0;
};

// Feeds with tx's next statement or its commit, together with others of it, unless this source has
// fed already: energy, experience, and what the level or the streak reached unlocks. A level that
// is reached is told of by telling's next look.
void feed_later(const DeferredRows& rows, calixo_tx* tx, const Meal& meal, const Pace& pace);

enum class Unlocked { now, already, no_such_item };
// Not a retired one.
Unlocked unlock_item(Database& db, std::string_view user_id, std::string_view category,
                     std::string_view item_id, const Pace& pace);
// False where it was not kept as theirs. What level or streak gives can't be taken away.
bool take_item_away(Database& db, std::string_view user_id, std::string_view category,
                    std::string_view item_id);
bool is_on_offer(Database& db, std::string_view category, std::string_view item_id);

}  // namespace calixo::avatar
