// focus: a stretch of undivided attention, as long as the rules say by the server's clock. Of an
// attempt with focus sessions only what they credit counts; of one without, the time since it
// began, but for what other sessions took up.
#pragma once

#include <calixo/challenge_type.hpp>

#include <algorithm>
#include <cstdint>

#include "types/focus_time.hpp"

namespace calixo::challenges {

struct FocusRules {
  std::int32_t minutes;
};
BOOST_DESCRIBE_STRUCT(FocusRules, (), (minutes))
CALIXO_RULES(FocusRules) {
  rules.at<&FocusRules::minutes>().range(1, 1440).describe("Least time from start to completion");
  rules.closed();
}

// A sign of life on the way; the server stamps it.
struct FocusHeartbeat {
  std::int32_t interruptions = 0;
};
BOOST_DESCRIBE_STRUCT(FocusHeartbeat, (), (interruptions))
CALIXO_RULES(FocusHeartbeat) {
  rules.at<&FocusHeartbeat::interruptions>().range(0, 10'000).describe(
      "Since the heartbeat before");
}

// What is kept with the attempt.
struct FocusRun {
  std::int32_t interruptions = 0;
};
BOOST_DESCRIBE_STRUCT(FocusRun, (), (interruptions))

// An attempt is open for two days, so that the longest fits. [fiber]
class Focus : public ChallengeType<FocusRules, NoProof, FocusHeartbeat> {
  Verdict progress(const Attempt& attempt, const FocusHeartbeat& heartbeat) override {
    constexpr std::int32_t kMost = 1'000'000;
    const std::int32_t before = attempt.state<FocusRun>().interruptions;
    return accept().keep(FocusRun{std::min(kMost, before + heartbeat.interruptions)});
  }
  Verdict complete(const Attempt& attempt, const NoProof&) override {
    const FocusTime time = focus_time_of(attempt);
    const std::int64_t counted_s =
        time.has_sessions ? time.credited_s : attempt.elapsed_seconds() - time.elsewhere_s;
    if (counted_s < std::int64_t{attempt.rules().minutes} * 60) {
      return reject("focused_too_short");
    }
    return accept();
  }
  std::int64_t expires_after_s() const override { return 2 * 24 * 3600; }
};

}  // namespace calixo::challenges
