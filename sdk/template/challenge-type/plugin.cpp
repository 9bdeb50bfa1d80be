// A challenge: do it for as long as the operator asks, and say for how long you did.
#include <calixo/challenge_type.hpp>
#include <calixo/personal_data.hpp>

#include <cstdint>
#include <optional>

namespace {

// What the operator sets for each challenge of this type; checked when it is saved.
struct SampleNameRules {
  int seconds = 60;
};
BOOST_DESCRIBE_STRUCT(SampleNameRules, (), (seconds))
CALIXO_RULES(SampleNameRules) { rules.at<&SampleNameRules::seconds>().range(1, 3600); }

// What the client sends on completion.
struct SampleNameProof {
  int seconds;
};
BOOST_DESCRIBE_STRUCT(SampleNameProof, (), (seconds))
CALIXO_RULES(SampleNameProof) { rules.at<&SampleNameProof::seconds>().min(1); }

class SampleName : public calixo::ChallengeType<SampleNameRules, SampleNameProof> {
  // Runs in the transaction that completes the attempt: the row stays if, and only if, that does.
  calixo::Verdict complete(const Attempt& attempt, const SampleNameProof& proof) override {
    if (proof.seconds > attempt.elapsed_seconds()) return reject("sample_name_not_yet");
    if (proof.seconds < attempt.rules().seconds) return reject("sample_name_too_short");
    attempt.db().execute("insert into sample_name_results (user_id, seconds) values ($1, $2)",
                         attempt.user_id(), proof.seconds);
    return accept();
  }
};

struct Best {
  std::optional<int> seconds;
};
BOOST_DESCRIBE_STRUCT(Best, (), (seconds))

Best best(calixo::Context& context) {
  return context.db()
      .query("select max(seconds) as seconds from sample_name_results where user_id = $1",
             context.user_id())[0]
      .as<Best>();
}

}  // namespace

CALIXO_PLUGIN("org.example.sample_name", "1.0.0", plugin) {
  plugin.depend("auth");  // owns the table of users that the results refer to
  plugin.migrations();
  plugin
      .personal_data("sample_name")  // in the account's export; a foreign key erases it
      .table("results", "select seconds, created_at from sample_name_results where user_id = $1");
  plugin.challenge_type<SampleName>("sample_name");
  plugin.message("sample_name_not_yet", {.es = "No ha pasado tanto tiempo desde que empezaste.",
                                         .en = "Less time than that has passed since you began."});
  plugin.message("sample_name_too_short",
                 {.es = "Un poco más de tiempo.", .en = "A little longer."});
  plugin.get("/api/sample_name/best", &best)
      .allow(calixo::Role::user)
      .summary("The caller's longest time");
}
