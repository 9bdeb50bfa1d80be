// What a completion brings about, in the transaction that completes the attempt: the reward in the
// wallet, food for the avatar, the streak, and the event. Wallet and avatar may be switched off.
#pragma once

#include <calixo/avatar.hpp>
#include <calixo/challenge_events.hpp>
#include <calixo/deferred.hpp>
#include <calixo/gathering.hpp>
#include <calixo/plugin.hpp>
#include <calixo/wallet.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "endings_store.hpp"
#include "settings.hpp"
#include "verdict_check.hpp"

namespace calixo::challenges {

// [fiber, suspends]
class Completions {
 public:
  Completions(Plugin& plugin, const Settings& settings);

  // Completes an attempt that was judged as it was shown, in one transaction with what other
  // people complete at the same time. Nothing where it is no longer so, where the person's day is
  // full, or where another keeps a row of theirs: complete() waits, or says what is the matter.
  std::optional<Attempt> complete_among_others(const Context& context, const ShownAttempt& shown,
                                               const Decision& decision);

  // --- of attempts that tx has locked ---
  // 429 completions_per_day_exceeded, with when to come back.
  Attempt complete(const Transaction& tx, std::string_view language, const OpenAttempt& open,
                   const Decision& decision) const;
  // The same of an attempt in review.
  void accept(const Transaction& tx, const OpenAttempt& open, const Resolution& resolution) const;
  // What of a paid reward there still was. 409 wallet_unavailable where nobody keeps the ledger.
  std::int64_t take_back(const Transaction& tx, const Judgeable& completed) const;

 private:
  struct Gathered {
    Completion completion;
    std::optional<Attempt> completed = std::nullopt;
  };

  void complete_all(const std::vector<Gathered*>& gathered) const;
  std::vector<Attempt> complete_in(const Transaction& tx,
                                   const std::vector<const Completion*>& all) const;
  Completion completion_of(const OpenAttempt& open, const Decision& decision,
                           std::string_view language) const;
  Earned earned(const OpenAttempt& open, double factor) const;
  void bring_about(const Transaction& tx, const OpenAttempt& open, const Earned& earned,
                   std::int32_t streak_days, Timestamp completed_at) const;

  Plugin& plugin_;
  const Settings& settings_;
  Wallet wallet_;
  Avatar avatar_;
  Topic<ChallengeCompleted> completed_;
  Deferred deferred_;
  Gathering<Gathered> gathering_;
};

}  // namespace calixo::challenges
