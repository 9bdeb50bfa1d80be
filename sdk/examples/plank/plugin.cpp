// Hold a plank: how long, the operator sets for each challenge; whether it was long enough, the
// server's clock has a say in.
#include <calixo/challenge_type.hpp>

struct PlankRules {
  int seconds = 60;
};
BOOST_DESCRIBE_STRUCT(PlankRules, (), (seconds))
CALIXO_RULES(PlankRules) { rules.at<&PlankRules::seconds>().range(1, 3600); }

struct PlankProof {
  int held_seconds;
};
BOOST_DESCRIBE_STRUCT(PlankProof, (), (held_seconds))

class Plank : public calixo::ChallengeType<PlankRules, PlankProof> {
  calixo::Verdict complete(const Attempt& attempt, const PlankProof& proof) override {
    if (proof.held_seconds > attempt.elapsed_seconds()) return reject("held_longer_than_elapsed");
    if (proof.held_seconds < attempt.rules().seconds) return reject("held_too_short");
    return accept();
  }
};

CALIXO_PLUGIN("org.example.plank", "1.0.0", plugin) {
  plugin.challenge_type<Plank>("plank");
  plugin.message("held_longer_than_elapsed",
                 {.es = "No ha pasado tanto tiempo desde que empezaste.",
                  .en = "Less time than that has passed since you started."});
  plugin.message("held_too_short",
                 {.es = "Aguanta un poco más.", .en = "Hold it a little longer."});
}
