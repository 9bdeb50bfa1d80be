#include "billing/coupons/guess_limit.hpp"

#include <gtest/gtest.h>

#include <string>

namespace calixo::billing {
namespace {

constexpr std::int64_t kMinute_us = 60'000'000;

TEST(GuessLimit, RefusesOnePersonUntilTheirWindowEnds) {
  GuessLimit limit;
  const Timestamp begin{kMinute_us};
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(limit.is_refused("a", 3, begin));
    limit.count("a", begin);
  }
  EXPECT_TRUE(limit.is_refused("a", 3, begin));
  EXPECT_FALSE(limit.is_refused("a", 4, begin)) << "the limit is the key's of that moment";
  EXPECT_FALSE(limit.is_refused("b", 3, begin));
  EXPECT_TRUE(limit.is_refused("a", 3, {begin.unix_us + 10 * kMinute_us - 1}));
  const Timestamp end{begin.unix_us + 10 * kMinute_us};
  EXPECT_FALSE(limit.is_refused("a", 3, end));
  limit.count("a", end);
  EXPECT_FALSE(limit.is_refused("a", 3, end)) << "counted anew";
}

TEST(GuessLimit, RemembersTenThousandAndForgetsWhoseWindowEnded) {
  GuessLimit limit;
  for (int i = 0; i < 10'000; ++i) limit.count(std::to_string(i), {kMinute_us});
  limit.count("late", {2 * kMinute_us});
  EXPECT_FALSE(limit.is_refused("late", 1, {2 * kMinute_us}));
  EXPECT_TRUE(limit.is_refused("9999", 1, {2 * kMinute_us}));
  limit.count("late", {12 * kMinute_us});
  EXPECT_TRUE(limit.is_refused("late", 1, {12 * kMinute_us}));
}

}  // namespace
}  // namespace calixo::billing
