// A challenge type whose hooks throw, as the proof says; "nothing" is accepted.
#include <calixo/challenge_type.hpp>

#include <stdexcept>
#include <string>

namespace {

struct NoRules {};
BOOST_DESCRIBE_STRUCT(NoRules, (), ())

struct Proof {
  std::string what = "standard";
};
BOOST_DESCRIBE_STRUCT(Proof, (), (what))

class Throwing : public calixo::ChallengeType<NoRules, Proof> {
  calixo::Verdict complete(const Attempt& attempt, const Proof& proof) override {
    if (proof.what == "nothing") return accept();
    // Caught by the type, and a failure all the same: the transaction is lost.
    if (proof.what == "caught") {
      try {
        attempt.db().execute("select from nowhere");
      } catch (const calixo::DbError&) {
        return accept();
      }
    }
    if (proof.what == "statement") attempt.db().execute("select from nowhere");
    if (proof.what == "number") throw 42;
    throw std::runtime_error("a detail for the operator");
  }
  // Of an even attempt the statement's failure shows, of an odd one the hook hides it.
  void expire(const Attempt& attempt) override {
    if (attempt.id() % 2 == 0) attempt.db().execute("select from nowhere");
    try {
      attempt.db().execute("select from nowhere");
    } catch (const calixo::DbError&) {
    }
  }
};

}  // namespace

CALIXO_PLUGIN("throwing_type", "1.0.0", plugin) { plugin.challenge_type<Throwing>("throwing"); }
