#include "levels.hpp"

namespace calixo::avatar {

std::vector<std::int64_t> level_beginnings(const LevelRule& rule) {
  std::vector<std::int64_t> beginnings;
  beginnings.reserve(static_cast<std::size_t>(rule.level_max));
  std::int64_t begins_at = 0;
  for (std::int64_t level = 1; level <= rule.level_max; ++level) {
    beginnings.push_back(begins_at);
    begins_at += rule.step + rule.growth * (level - 1);
  }
  return beginnings;
}

std::optional<std::int64_t> next_level_at(const std::vector<std::int64_t>& beginnings,
                                          std::int64_t level) {
  const auto index = static_cast<std::size_t>(level);
  if (level < 0 || index >= beginnings.size()) return std::nullopt;
  return beginnings[index];
}

}  // namespace calixo::avatar
