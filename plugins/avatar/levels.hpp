// From experience to levels. Level 1 begins at 0; going on from level n takes
// step + growth * (n - 1) more. So level n begins at step * (n-1) + growth * (n-1) * (n-2) / 2.
// Pure functions. [any-thread]
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace calixo::avatar {

struct LevelRule {
  std::int64_t step = 100;      // experience from level 1 to 2; 1 or more
  std::int64_t growth = 50;     // how much more each further level takes than the one before
  std::int64_t level_max = 50;  // the last one; 1 or more
};

// The experience at which each level begins, that of level 1 first. Rising.
std::vector<std::int64_t> level_beginnings(const LevelRule& rule);

// Where the level after this one begins; nothing at the last.
std::optional<std::int64_t> next_level_at(const std::vector<std::int64_t>& beginnings,
                                          std::int64_t level);

}  // namespace calixo::avatar
