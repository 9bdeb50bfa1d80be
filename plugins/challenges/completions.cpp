#include "completions.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "as_service.hpp"
#include "reward.hpp"

namespace calixo::challenges {
namespace {

constexpr std::string_view kReason = "challenge";
constexpr std::size_t kAtOnceMax = 64;  // completed in one transaction
// Nobody waits longer for another's row.
constexpr std::string_view kWaitLittle = "set local lock_timeout = '1s'";
constexpr std::string_view kRowIsKept = "55P03";

// The same whenever and by whomever it is paid: so it is paid once.
std::string source_of(const OpenAttempt& attempt) {
  return "attempt:" + std::to_string(attempt.id);
}

}  // namespace

Completions::Completions(Plugin& plugin, const Settings& settings)
    : plugin_(plugin),
      settings_(settings),
      wallet_(plugin),
      avatar_(plugin),
      completed_(
          plugin.event<ChallengeCompleted>(kChallengeCompleted, "Somebody completed a challenge.")),
      deferred_(plugin),
      gathering_(plugin, kAtOnceMax,
                 [this](const std::vector<Gathered*>& gathered) { complete_all(gathered); }) {}

Earned Completions::earned(const OpenAttempt& open, double factor) const {
  const std::int32_t reward = reward_paid(open.offered_reward, factor, settings_.reward_bounds());
  return {reward, reward > 0 && wallet_};
}

Completion Completions::completion_of(const OpenAttempt& open, const Decision& decision,
                                      std::string_view language) const {
  return {.attempt = open,
          .version = std::nullopt,
          .state = decision.state_json,
          .earned = earned(open, decision.reward_factor),
          .language = std::string(language)};
}

std::optional<Attempt> Completions::complete_among_others(const Context& context,
                                                          const ShownAttempt& shown,
                                                          const Decision& decision) {
  Gathered own{completion_of(shown.attempt, decision, context.language())};
  own.completion.version = shown.version;
  try {
    return gathering_.add(context, std::move(own)).completed;
  } catch (const DbError& error) {
    if (error.sqlstate() != kRowIsKept) throw;
    return std::nullopt;
  }
}

// One of each person: another of theirs, and the second click of one, are left to complete().
void Completions::complete_all(const std::vector<Gathered*>& gathered) const {
  std::map<std::string_view, Gathered*> by_person;
  for (Gathered* one : gathered) by_person.emplace(one->completion.attempt.user_id, one);
  std::vector<const Completion*> all;
  for (const auto& [person, one] : by_person) all.push_back(&one->completion);
  std::vector<Attempt> completed = plugin_.service_transaction([&](Transaction& tx) {
    deferred_.execute(tx.handle(), kWaitLittle);
    return complete_in(tx, all);
  });
  for (Attempt& attempt : completed) {
    const auto own = std::find_if(by_person.begin(), by_person.end(), [&](const auto& one) {
      return one.second->completion.attempt.id == attempt.id;
    });
    own->second->completed = std::move(attempt);
  }
}

std::vector<Attempt> Completions::complete_in(const Transaction& tx,
                                              const std::vector<const Completion*>& all) const {
  Database service = as_service(plugin_, tx);
  std::vector<Attempt> completed =
      mark_completed(service, all, settings_.completions_per_day_max.get());
  for (const Attempt& attempt : completed) {
    const Completion& one = **std::find_if(
        all.begin(), all.end(), [&](const auto* given) { return given->attempt.id == attempt.id; });
    bring_about(tx, one.attempt, one.earned, attempt.streak_days.value_or(0),
                attempt.completed_at.value_or(one.attempt.now));
  }
  return completed;
}

Attempt Completions::complete(const Transaction& tx, std::string_view language,
                              const OpenAttempt& open, const Decision& decision) const {
  const Completion own = completion_of(open, decision, language);
  std::vector<Attempt> completed = complete_in(tx, {&own});
  if (completed.empty()) {
    Database service = as_service(plugin_, tx);
    throw Problem(429, "completions_per_day_exceeded")
        .retry_after_s(static_cast<std::uint32_t>(completions_in_s(service, open.user_id)));
  }
  return std::move(completed.front());
}

void Completions::accept(const Transaction& tx, const OpenAttempt& open,
                         const Resolution& resolution) const {
  Database service = as_service(plugin_, tx);
  const Earned got = earned(open, 1);
  const std::int32_t streak_days = mark_accepted(service, open, got, resolution);
  bring_about(tx, open, got, streak_days, open.claimed_at.value_or(open.now));
}

// None of these waits for the database: they travel with the commit.
void Completions::bring_about(const Transaction& tx, const OpenAttempt& open, const Earned& got,
                              std::int32_t streak_days, Timestamp completed_at) const {
  const std::string source = source_of(open);
  if (got.is_paid) {
    wallet_.credit(
        tx, {.user_id = open.user_id, .amount = got.reward, .reason = kReason, .source = source});
  }
  if (avatar_) {
    const auto or_default = [](const auto& own, const Setting<std::int64_t>& key) {
      return own ? *own : static_cast<std::int32_t>(key.get());
    };
    avatar_.feed(tx, {.user_id = open.user_id,
                      .energy = or_default(open.energy, settings_.energy_default),
                      .experience = or_default(open.experience, settings_.experience_default),
                      .streak_days = streak_days,
                      .source = source});
  }
  completed_.publish(tx, open.user_id,
                     {.attempt_id = open.id,
                      .challenge_id = open.challenge_id,
                      .user_id = Uuid::parse(open.user_id).value_or(Uuid()),
                      .type = open.type,
                      .reward = got.reward,
                      .completed_at = completed_at,
                      .streak_days = streak_days});
}

std::int64_t Completions::take_back(const Transaction& tx, const Judgeable& completed) const {
  if (!completed.is_paid) return 0;
  require(static_cast<bool>(wallet_), conflict("wallet_unavailable"));
  const std::string source = source_of(completed.attempt);
  try {
    return wallet_.take_back(tx, {.user_id = completed.attempt.user_id,
                                  .amount = completed.reward,
                                  .reason = kReason,
                                  .source = source});
  } catch (const HostFailure& failure) {
    if (failure.status() != CALIXO_NOT_FOUND) throw;
    // Another ledger than the one that paid: there is nothing to take, and the attempt is none.
    plugin_.log().warn("reward unknown to the ledger", {{"source", source}});
    return 0;
  }
}

}  // namespace calixo::challenges
