// A type of challenge as its author writes it: typed rules, proof and progress, and the verdicts.
//
//   struct PlankRules { int seconds = 60; };
//   BOOST_DESCRIBE_STRUCT(PlankRules, (), (seconds))
//   struct PlankProof { int held_seconds; };
//   BOOST_DESCRIBE_STRUCT(PlankProof, (), (held_seconds))
//
//   class Plank : public calixo::ChallengeType<PlankRules, PlankProof> {
//     calixo::Verdict complete(const Attempt& attempt, const PlankProof& proof) override {
//       const auto held = proof.held_seconds;
//       if (held > attempt.elapsed_seconds()) return reject("held_longer_than_elapsed");
//       if (held < attempt.rules().seconds) return reject("held_too_short");
//       return accept();
//     }
//   };
//
//   CALIXO_PLUGIN("org.example.plank", "1.0.0", plugin) { plugin.challenge_type<Plank>("plank"); }
//
// The hooks are plain synchronous functions that may wait. What they write by attempt.db() takes
// effect together with the attempt's change, or not at all.
#pragma once

#include <calixo/detail/challenge_hooks.hpp>
#include <calixo/plugin.hpp>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace calixo {

// Nothing to prove: completion is claimed.
struct NoProof {};
BOOST_DESCRIBE_STRUCT(NoProof, (), ())
// Nothing to tell on the way: progress is refused.
struct NoProgress {};
BOOST_DESCRIBE_STRUCT(NoProgress, (), ())

// RulesOf: what the operator sets for a template, checked when it is saved. ProofOf: what the
// client sends on completion. ProgressOf: what it may send on the way. Described structs; their own
// constraints (CALIXO_RULES) hold before a hook runs, and what does not fit is a 422 with its
// fields. One object serves every attempt, on every thread: it keeps nothing of an attempt.
template <detail::Described RulesOf, detail::Described ProofOf = NoProof,
          detail::Described ProgressOf = NoProgress>
class ChallengeType {
 public:
  using Base = ChallengeType;       // this class, as types that derive name it
  using RulesType = RulesOf;        // read from the template
  using ProofType = ProofOf;        // read from what completes
  using ProgressType = ProgressOf;  // read on the way
  // Whether there is anything to tell on the way.
  static constexpr bool kTakesProgress = !std::is_same_v<ProgressOf, NoProgress>;

  // An attempt with its template's rules.
  class Attempt : public AttemptView {
   public:
    // Made by the SDK, one a call.
    Attempt(const detail::Host& host, const calixo_attempt& attempt, const RulesOf& rules)
        : AttemptView(host, attempt), rules_(&rules) {}
    // As the operator set them for the template.
    const RulesOf& rules() const { return *rules_; }

   private:
    const RulesOf* rules_;
  };

  ChallengeType() = default;
  ChallengeType(const ChallengeType&) = delete;
  ChallengeType& operator=(const ChallengeType&) = delete;
  virtual ~ChallengeType() = default;

 protected:
  // Rules that fit one by one but not together: reject(code).error(field, …). [fiber, suspends]
  virtual Verdict check_rules(const RulesOf&) { return accept(); }
  // A person begins: accept or reject. [fiber, suspends]
  virtual Verdict start(const Attempt&) { return accept(); }
  // A sign of life on the way: accept or reject. [fiber, suspends]
  virtual Verdict progress(const Attempt&, const ProgressOf&) { return accept(); }
  // Is it done? After a rejection the attempt stays open. [fiber, suspends]
  virtual Verdict complete(const Attempt& attempt, const ProofOf& proof) = 0;
  // Its time has run out: it fails after this, whatever this throws. [fiber, suspends]
  virtual void expire(const Attempt&) {}
  // Whether complete() uses attempt.db() or service_db(). A type that says false is judged without
  // a transaction, so that in a burst many people's completions share a commit. Asked once.
  // [startup]
  virtual bool needs_database() const { return true; }
  // How long an attempt stays open where its template does not say; 0: for ever. Asked once.
  // [startup]
  virtual std::int64_t expires_after_s() const { return 0; }

  // The change takes effect; the reward is the template's, times the factor.
  static Verdict accept(double reward_factor = 1.0) { return Verdict::accept(reward_factor); }
  // It does not, and the attempt stays open. code: stable, snake_case.
  static Verdict reject(std::string_view code) { return Verdict::reject(code); }
  // From complete: a person decides later; code says why.
  static Verdict review(std::string_view code) { return Verdict::review(code); }

 private:
  template <class Type>
  friend class detail::ChallengeTypeRecord;
};

namespace detail {
// As a template's `type` takes it: a lower-case letter, then at most 63 of a-z 0-9 _ . -
inline bool is_challenge_type_name(std::string_view name) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_rest = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  };
  return !name.empty() && name.size() <= 64 && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), is_rest);
}
}  // namespace detail

template <class Type, class... Arguments>
Type& Plugin::challenge_type(std::string_view name, Arguments&&... arguments) {
  if (!detail::is_challenge_type_name(name)) {
    throw std::logic_error("challenge type \"" + std::string(name) +
                           "\": a name is a lower-case letter, then up to 63 of a-z 0-9 _ . -");
  }
  auto& record = own<detail::ChallengeTypeRecord<Type>>(registrations_.host, name,
                                                        std::forward<Arguments>(arguments)...);
  extend(CALIXO_CHALLENGE_TYPE_ID, name, &record.table(), record.details_json());
  return record.type();
}

}  // namespace calixo
