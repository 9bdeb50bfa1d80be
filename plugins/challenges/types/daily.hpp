// daily: something to do today instead of looking at a screen. Done is what its person says is
// done.
#pragma once

#include <calixo/challenge_type.hpp>

namespace calixo::challenges {

struct DailyRules {
  std::optional<std::int32_t> minutes;
};
BOOST_DESCRIBE_STRUCT(DailyRules, (), (minutes))
CALIXO_RULES(DailyRules) {
  rules.at<&DailyRules::minutes>().range(1, 1440).describe("About how long it takes");
  rules.closed();
}

// An attempt is open for a day. [fiber]
class Daily : public ChallengeType<DailyRules> {
  Verdict complete(const Attempt&, const NoProof&) override { return accept(); }
  bool needs_database() const override { return false; }
  std::int64_t expires_after_s() const override { return 24 * 3600; }
};

}  // namespace calixo::challenges
