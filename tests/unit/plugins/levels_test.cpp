// Where levels begin, at the edges of the formula and of the keys' bounds.
#include "avatar/levels.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace calixo::avatar {
namespace {

TEST(Levels, TakeAStepAndGrowByTheSameEachTime) {
  EXPECT_EQ(level_beginnings({.step = 100, .growth = 50, .level_max = 5}),
            (std::vector<std::int64_t>{0, 100, 250, 450, 700}));
}

TEST(Levels, StandAtEvenDistancesWithoutGrowth) {
  EXPECT_EQ(level_beginnings({.step = 10, .growth = 0, .level_max = 4}),
            (std::vector<std::int64_t>{0, 10, 20, 30}));
}

TEST(Levels, BeginWhereTheClosedFormulaSays) {
  const LevelRule rule{.step = 7, .growth = 3, .level_max = 200};
  const auto beginnings = level_beginnings(rule);
  ASSERT_EQ(beginnings.size(), 200u);
  for (std::int64_t n = 1; n <= rule.level_max; ++n) {
    EXPECT_EQ(beginnings[static_cast<std::size_t>(n - 1)],
              rule.step * (n - 1) + rule.growth * (n - 1) * (n - 2) / 2);
  }
}

TEST(Levels, RiseStrictlyAtTheBoundsOfTheKeys) {
  for (const LevelRule& rule : {LevelRule{1, 0, 200}, LevelRule{1'000'000, 1'000'000, 200}}) {
    const auto beginnings = level_beginnings(rule);
    for (std::size_t i = 1; i < beginnings.size(); ++i) {
      EXPECT_LT(beginnings[i - 1], beginnings[i]);
    }
    EXPECT_LT(beginnings.back(), std::int64_t{1'000'000'000'000});  // what the table holds
  }
}

TEST(Levels, EndAtTheLast) {
  const auto beginnings = level_beginnings({.step = 100, .growth = 50, .level_max = 3});
  EXPECT_EQ(next_level_at(beginnings, 1), 100);
  EXPECT_EQ(next_level_at(beginnings, 2), 250);
  EXPECT_EQ(next_level_at(beginnings, 3), std::nullopt);
  EXPECT_EQ(next_level_at(beginnings, 4), std::nullopt);
  EXPECT_EQ(next_level_at(beginnings, -1), std::nullopt);
  EXPECT_EQ(level_beginnings({.step = 100, .growth = 50, .level_max = 1}),
            std::vector<std::int64_t>{0});
}

}  // namespace
}  // namespace calixo::avatar
