// social: together, and looking at each other. Done is what its person says is done.
#pragma once

#include <calixo/challenge_type.hpp>

namespace calixo::challenges {

struct SocialRules {
  std::optional<std::int32_t> minutes;
};
BOOST_DESCRIBE_STRUCT(SocialRules, (), (minutes))
CALIXO_RULES(SocialRules) {
  rules.at<&SocialRules::minutes>().range(1, 1440).describe("About how long it takes");
  rules.closed();
}

// An attempt is open for a week: people have to find a time. [fiber]
class Social : public ChallengeType<SocialRules> {
  Verdict complete(const Attempt&, const NoProof&) override { return accept(); }
  bool needs_database() const override { return false; }
  std::int64_t expires_after_s() const override { return 7 * 24 * 3600; }
};

}  // namespace calixo::challenges
