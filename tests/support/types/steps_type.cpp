// A type that is judged without the database: at most as many steps as its rules say.
#include <calixo/challenge_type.hpp>

#include <cstdint>

namespace {

struct StepsRules {
  std::int32_t steps_max = 3;
};
BOOST_DESCRIBE_STRUCT(StepsRules, (), (steps_max))
struct StepsProof {
  bool peeks = false;  // looks into the database, although it says that it does not
};
BOOST_DESCRIBE_STRUCT(StepsProof, (), (peeks))
struct StepsTaken {
  std::int32_t steps = 1;
};
BOOST_DESCRIBE_STRUCT(StepsTaken, (), (steps))

class Steps : public calixo::ChallengeType<StepsRules, StepsProof, StepsTaken> {
  calixo::Verdict progress(const Attempt& attempt, const StepsTaken& taken) override {
    const auto before = attempt.progress_count() == 0 ? 0 : attempt.state<StepsTaken>().steps;
    return accept().keep(StepsTaken{before + taken.steps});
  }
  calixo::Verdict complete(const Attempt& attempt, const StepsProof& proof) override {
    if (proof.peeks) attempt.db().query("select 1");
    const auto steps = attempt.progress_count() == 0 ? 0 : attempt.state<StepsTaken>().steps;
    if (steps > attempt.rules().steps_max) return reject("too_many_steps");
    return accept().keep(StepsTaken{steps + 1});
  }
  bool needs_database() const override { return false; }
};

}  // namespace

CALIXO_PLUGIN("steps_type", "1.0.0", plugin) { plugin.challenge_type<Steps>("steps"); }
