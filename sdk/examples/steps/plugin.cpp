// Walk so many steps: a challenge type with tables, a route, a configuration key, a job and a
// subscription of its own.
#include <calixo/challenge_events.hpp>
#include <calixo/challenge_type.hpp>
#include <calixo/personal_data.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace {

// --- what a day counts ---

struct Day {
  std::string day;  // "2026-01-31", the walker's own
  int steps;
};
BOOST_DESCRIBE_STRUCT(Day, (), (day, steps))
CALIXO_RULES(Day) {
  rules.at<&Day::day>().format(calixo::Format::date);
  rules.at<&Day::steps>().range(0, 200'000);
}

struct Walked {
  std::vector<Day> days;  // the latest first
  int walks = 0;          // challenges of this type completed
};
BOOST_DESCRIBE_STRUCT(Walked, (), (days, walks))

// As the caller: the policies of migrations/0001_create_step_days.sql decide.
Day count_day(calixo::Context& context, const Day& day) {
  context.db().execute(
      "insert into step_days (user_id, day, steps) values ($1, $2, $3) "
      "on conflict (user_id, day) do update set steps = excluded.steps",
      context.user_id(), day.day, day.steps);
  return day;
}

Walked walked(calixo::Context& context) {
  const auto answers =
      context.db()
          .batch()
          .add(
              "select day::text, steps from step_days where user_id = $1 order by day desc limit "
              "31",
              context.user_id())
          .add("select walks from step_walks where user_id = $1", context.user_id())
          .run();
  return {answers[0].as<Day>(), answers[1].empty() ? 0 : answers[1][0].get<int>("walks")};
}

// --- the challenge type ---

struct StepsRules {
  int steps = 6'000;
};
BOOST_DESCRIBE_STRUCT(StepsRules, (), (steps))
CALIXO_RULES(StepsRules) { rules.at<&StepsRules::steps>().range(100, 100'000); }

// Needs no proof: the server has the days. Twice the steps earn half as much again.
class Steps : public calixo::ChallengeType<StepsRules> {
  calixo::Verdict complete(const Attempt& attempt, const calixo::NoProof&) override {
    const int wanted = attempt.rules().steps;
    const auto rows = attempt.db().query(
        "select coalesce(sum(steps), 0)::int as steps from step_days "
        "where user_id = $1 and day >= $2::timestamptz::date",
        attempt.user_id(), attempt.started_at());
    const int steps = rows[0].get<int>("steps");
    if (steps < wanted) return reject("too_few_steps");
    return accept(steps >= 2 * wanted ? 1.5 : 1.0);
  }
  std::int64_t expires_after_s() const override { return 3 * 24 * 3600; }
};

// --- what happens without a caller ---

// Delivered at least once, counted exactly once: db() is the delivery's own transaction.
void count_walk(calixo::EventContext& event, const calixo::ChallengeCompleted& completed) {
  if (completed.type != "steps") return;
  event.db().execute(
      "insert into step_walks (user_id, walks) values ($1, 1) "
      "on conflict (user_id) do update set walks = step_walks.walks + 1",
      completed.user_id);
}

void forget_old_days(calixo::JobContext& job, std::int64_t kept_days) {
  job.db().execute("delete from step_days where day < current_date - $1::int", kept_days);
}

}  // namespace

CALIXO_PLUGIN("org.example.steps", "1.0.0", plugin) {
  plugin.depend("auth");  // owns the table of users that the days refer to
  plugin.migrations();
  plugin.get("/api/steps", &walked)
      .allow(calixo::Role::user)
      .summary("The caller's steps, the latest month");
  plugin.put("/api/steps", &count_day)
      .allow(calixo::Role::user)
      .summary("Says how many steps a day had");
  const calixo::Setting<std::int64_t> kept_days = plugin.key<std::int64_t>("steps.kept_days", 90)
                                                      .min(7)
                                                      .max(3650)
                                                      .describe("Days that steps are kept for.");
  plugin.challenge_type<Steps>("steps");
  plugin.on<calixo::ChallengeCompleted>(calixo::kChallengeCompleted, "count_walk", &count_walk);
  plugin.every(std::chrono::hours(24), "forget_old_days",
               [kept_days](calixo::JobContext& job) { forget_old_days(job, kept_days.get()); });
  plugin.personal_data("steps")
      .table("days", "select day, steps from step_days where user_id = $1")
      .table("walks", "select walks from step_walks where user_id = $1");
  plugin.message("too_few_steps", {.es = "Aún no has andado lo suficiente.",
                                   .en = "You have not walked far enough yet."});
}
