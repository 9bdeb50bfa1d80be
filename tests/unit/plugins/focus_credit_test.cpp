// What counts of a focus session, over many made ones: never more than passed, nothing for silence,
// less for interruptions, and no date beyond its cap.
#include "challenges/focus/credit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace calixo::challenges {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr CreditRules kRules{120, 900, 240 * 60, 30};

Timestamp at(std::int64_t seconds) { return {1'800'000'000'000'000 + seconds * kSecond}; }
Attendance begun() { return {at(0), at(0), 0}; }

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::int64_t operator()(std::int64_t least, std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(least, most)(engine_);
  }

 private:
  std::mt19937_64 engine_;
};

CreditRules some_rules(Random& random) {
  return {random(5, 3600), random(10, 86'400), random(60, 86'400), random(0, 3600)};
}

// A session of heartbeats that come as they like, and what of each gap may count.
struct Made {
  Attendance attendance = begun();
  std::int64_t countable_us = 0;

  void beat(std::int64_t gap_us, const CreditRules& rules) {
    const Timestamp now{attendance.last_heartbeat_at.unix_us + gap_us};
    attendance = attended_until(attendance, now, rules);
    countable_us += std::min(gap_us, rules.gap_s_max * kSecond);
  }
  std::int64_t elapsed_us() const {
    return attendance.last_heartbeat_at.unix_us - attendance.started_at.unix_us;
  }
};

Made made(Random& random, const CreditRules& rules) {
  Made session;
  for (std::int64_t beats = random(0, 60); beats > 0; --beats) {
    session.beat(random(0, 2 * rules.gap_s_max * kSecond), rules);
  }
  return session;
}

TEST(FocusCredit, IsNeverMoreThanPassedNorThanItsGapsAllow) {
  Random random(1);
  for (int i = 0; i < 20'000; ++i) {
    const CreditRules rules = some_rules(random);
    const Made session = made(random, rules);
    const std::int64_t attended = attended_s(session.attendance);
    EXPECT_EQ(attended, session.countable_us / kSecond);
    const std::int64_t credit = credit_s(attended, random(0, 100), rules);
    EXPECT_GE(credit, 0);
    EXPECT_LE(credit * kSecond, session.elapsed_us());
    EXPECT_LE(credit, rules.session_s_max);
  }
}

TEST(FocusCredit, OfGapsThatAreShortEnoughIsAllThatPassed) {
  Random random(2);
  for (int i = 0; i < 2000; ++i) {
    const CreditRules rules = some_rules(random);
    Made session;
    for (int beat = 0; beat < 40; ++beat) {
      session.beat(random(0, rules.gap_s_max * kSecond), rules);
    }
    EXPECT_EQ(attended_s(session.attendance), session.elapsed_us() / kSecond);
  }
}

TEST(FocusCredit, OneMoreInterruptionNeverAddsAndCostsAtMostItsPrice) {
  Random random(3);
  for (int i = 0; i < 5000; ++i) {
    const CreditRules rules = some_rules(random);
    const std::int64_t attended = random(0, 100'000), interruptions = random(0, 9999);
    const std::int64_t before = credit_s(attended, interruptions, rules);
    const std::int64_t after = credit_s(attended, interruptions + 1, rules);
    EXPECT_LE(after, before);
    EXPECT_GE(after, before - rules.interruption_s);
  }
}

TEST(FocusCredit, AHeartbeatOfThePastChangesNothing) {
  Attendance attendance = attended_until(begun(), at(50), kRules);
  attendance = attended_until(attendance, at(20), kRules);
  EXPECT_EQ(attendance.last_heartbeat_at, at(50));
  EXPECT_EQ(attended_s(attendance), 50);
}

TEST(FocusCredit, ASilentSessionIsOverAtItsLastHeartbeat) {
  const Attendance attendance = attended_until(begun(), at(100), kRules);
  EXPECT_EQ(moment_of(attendance, at(1000), kRules).over, Over::no);
  const Moment late = moment_of(attendance, at(1001), kRules);
  EXPECT_EQ(late.over, Over::silent);
  EXPECT_EQ(late.at, at(100));
}

TEST(FocusCredit, TheLongestSessionEndsThereAndNotAtTheHeartbeatAfter) {
  const std::int64_t longest = kRules.session_s_max;
  const Attendance attendance{at(0), at(longest - 10), 0};
  const Moment full = moment_of(attendance, at(longest + 60), kRules);
  EXPECT_EQ(full.over, Over::full);
  EXPECT_EQ(full.at, at(longest));
  CreditRules lowered = kRules;
  lowered.session_s_max = 60;
  EXPECT_EQ(moment_of(attendance, at(longest), lowered).at, at(longest - 10));
  EXPECT_EQ(credit_s(longest - 10, 0, lowered), 60);
}

TEST(FocusCredit, AClockThatWentBackIsTheLastHeartbeat) {
  const Attendance attendance = attended_until(begun(), at(100), kRules);
  EXPECT_EQ(moment_of(attendance, at(90), kRules).at, at(100));
}

std::vector<FocusDay> some_days(Random& random, std::int64_t total_us) {
  std::vector<FocusDay> days;
  for (std::int64_t left = total_us; left > 0;) {
    const std::int64_t part = days.size() == 2 ? left : random(1, left);
    days.push_back({"", part, random(0, 90'000)});
    left -= part;
  }
  return days;
}

TEST(FocusCredit, NoDateGetsMoreThanItsCapOrTheSessionMoreThanItsCredit) {
  Random random(4);
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t total_us = random(1, 86'400 * kSecond);
    const std::int64_t credit = random(0, total_us / kSecond);
    const std::vector<FocusDay> days = some_days(random, total_us);
    const std::int64_t cap = random(0, 86'400);
    const auto shares = allot(credit, days, cap);
    ASSERT_EQ(shares.size(), days.size());
    for (std::size_t d = 0; d < days.size(); ++d) {
      EXPECT_GE(shares[d], 0);
      EXPECT_LE(days[d].credited_seconds + shares[d], std::max(cap, days[d].credited_seconds));
      EXPECT_LE((shares[d] - 1) * kSecond, days[d].overlap_us);
    }
    EXPECT_LE(std::accumulate(shares.begin(), shares.end(), std::int64_t{0}), credit);
  }
}

TEST(FocusCredit, WithoutACapInTheWayTheDatesShareAllOfIt) {
  Random random(5);
  for (int i = 0; i < 5000; ++i) {
    const std::int64_t total_us = random(1, 86'400 * kSecond);
    const std::int64_t credit = random(0, total_us / kSecond);
    const auto shares = allot(credit, some_days(random, total_us), 1'000'000);
    EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), std::int64_t{0}), credit);
  }
}

TEST(FocusCredit, IsDividedAtMidnight) {
  const auto shares = allot(3000, {{"", 1200 * kSecond, 0}, {"", 2400 * kSecond, 500}}, 1500);
  EXPECT_EQ(shares, (std::vector<std::int64_t>{1000, 1000}));
}

TEST(FocusCredit, EarnsByTheMinuteRoundedDown) {
  EXPECT_EQ(earned(600, 0.1, 1), 1);
  EXPECT_EQ(earned(599, 0.1, 1), 0);
  EXPECT_EQ(earned(1500, 0.5, 0.5), 6);
  EXPECT_EQ(earned(86'400, 1000, 1), 1'440'000);
  EXPECT_EQ(earned(0, 1000, 1), 0);
}

}  // namespace
}  // namespace calixo::challenges
