#include "completions.hpp"

#include <string>

#include "as_service.hpp"
#include "reward.hpp"

namespace calixo::challenges {
namespace {

constexpr std::string_view kReason = "challenge";

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
      completed_(plugin.event<ChallengeCompleted>(kChallengeCompleted,
                                                  "Somebody completed a challenge.")) {}

Earned Completions::earned(const OpenAttempt& open, double factor) const {
  const std::int32_t reward = reward_paid(open.offered_reward, factor, settings_.reward_bounds());
  return {reward, reward > 0 && wallet_};
}

Attempt Completions::complete(const Transaction& tx, std::string_view language,
                              const OpenAttempt& open, const Decision& decision) const {
  Database service = as_service(plugin_, tx);
  const Earned got = earned(open, decision.reward_factor);
  auto ended = mark_completed(service, language, open, decision.state_json, got,
                              settings_.completions_per_day_max.get());
  if (!ended) {
    throw Problem(429, "completions_per_day_exceeded")
        .retry_after_s(static_cast<std::uint32_t>(completions_in_s(service, open.user_id)));
  }
  bring_about(tx, open, got, ended->streak_days.value_or(0),
              ended->completed_at.value_or(open.now));
  return std::move(*ended);
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
