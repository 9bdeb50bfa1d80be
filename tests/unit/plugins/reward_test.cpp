// What a completion pays: the promise, the type's factor, the operator's bounds.
#include "challenges/reward.hpp"

#include <gtest/gtest.h>

namespace calixo::challenges {
namespace {

constexpr RewardBounds kWide{.min = 0, .max = 1000};

TEST(Reward, IsThePromiseTimesTheFactorRounded) {
  EXPECT_EQ(reward_paid(21, 1, kWide), 21);
  EXPECT_EQ(reward_paid(21, 2, kWide), 42);
  EXPECT_EQ(reward_paid(21, 0.5, kWide), 11);
  EXPECT_EQ(reward_paid(21, 0.1, kWide), 2);
  EXPECT_EQ(reward_paid(0, 2, kWide), 0);
}

TEST(Reward, StaysWithinTheBoundsUnlessItIsNone) {
  const RewardBounds bounds{.min = 10, .max = 30};
  EXPECT_EQ(reward_paid(40, 1, bounds), 30);
  EXPECT_EQ(reward_paid(20, 2, bounds), 30);
  EXPECT_EQ(reward_paid(20, 0.1, bounds), 10);
  EXPECT_EQ(reward_paid(20, 0, bounds), 0);
  EXPECT_EQ(reward_paid(100'000, 100, {.min = 0, .max = 100'000}), 100'000);
}

TEST(Reward, ObeysTheUpperBoundWhereTheTwoContradictEachOther) {
  const RewardBounds bounds{.min = 50, .max = 30};
  EXPECT_EQ(bounded(40, bounds), 30);
  EXPECT_EQ(reward_paid(10, 1, bounds), 30);
}

}  // namespace
}  // namespace calixo::challenges
