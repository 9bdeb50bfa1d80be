// What a challenge type decides: accept, reject with a stable code, or leave it to a person.
// Values. [any-thread]
#pragma once

#include <calixo/abi/challenge_type.h>

#include <calixo/json.hpp>
#include <calixo/problem.hpp>
#include <calixo/rules.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calixo {

// Made by ChallengeType's accept(), reject() and review(); what is said beside it chains:
//   return reject("held_too_short").error("held_seconds", "range", {.es = "…", .en = "…"});
class Verdict {
 public:
  // What becomes of the change; of a review, a person decides later.
  enum class Kind { accept, reject, review };

  // reward_factor: times the template's reward, from 0 to the owner's limit.
  static Verdict accept(double reward_factor = 1.0) {
    return Verdict(Kind::accept, {}, reward_factor);
  }
  // code: stable, snake_case; its text comes from plugin.message(code, …) unless message() sets
  // one.
  static Verdict reject(std::string_view code) { return Verdict(Kind::reject, code, 0); }
  // From complete: a person decides later; code says why.
  static Verdict review(std::string_view code) { return Verdict(Kind::review, code, 1.0); }

  // What the client is told, in its language.
  Verdict& message(Text text) {
    message_es_ = text.es;
    message_en_ = text.en;
    return *this;
  }
  // A field of proof or progress that is at fault; its name without "proof.".
  Verdict& error(std::string_view field, std::string_view code, Text text) {
    errors_.push_back(
        {std::string(field), std::string(code), std::string(text.es), std::string(text.en)});
    return *this;
  }
  // Keeps a described struct with the attempt, for attempt.state<T>() of later hooks; at most 16
  // KiB as JSON. Of a rejection nothing is kept.
  template <detail::Described T>
  Verdict& keep(const T& state) {
    state_json_ = to_json(state);
    return *this;
  }

  // What it is.
  Kind kind() const { return kind_; }
  // Times the template's reward.
  double reward_factor() const { return reward_factor_; }
  // Stable, snake_case; empty where it accepts.
  const std::string& code() const { return code_; }
  // What message() said; empty: the text of the code.
  std::string_view message(std::string_view language) const {
    return language == "en" ? message_en_ : message_es_;
  }
  // What error() said.
  std::vector<FieldError> errors(std::string_view language) const {
    std::vector<FieldError> all;
    for (const Fault& fault : errors_) {
      all.push_back({fault.field, fault.code, language == "en" ? fault.en : fault.es});
    }
    return all;
  }
  // What keep() was given; nothing: what was kept stays.
  const std::optional<std::string>& state_json() const { return state_json_; }

 private:
  struct Fault {
    std::string field, code, es, en;
  };
  Verdict(Kind kind, std::string_view code, double reward_factor)
      : kind_(kind), reward_factor_(reward_factor), code_(code) {}

  Kind kind_;
  double reward_factor_;
  std::string code_;
  std::string message_es_, message_en_;
  std::vector<Fault> errors_;
  std::optional<std::string> state_json_;
};

}  // namespace calixo
