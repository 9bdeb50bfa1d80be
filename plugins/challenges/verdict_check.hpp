// Calls a type's hook and holds its verdict against the contract: exactly one, within bounds.
// A type that errs costs its own attempt a stable answer, and the log names its plugin.
#pragma once

#include <calixo/plugin.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "type_directory.hpp"

namespace calixo::challenges {

// A verdict that takes effect; others become problems.
struct Decision {
  bool is_review = false;
  double reward_factor = 1.0;
  std::string code;                       // of a review
  std::optional<std::string> state_json;  // nothing: what was kept stays
};

enum class Hook { check_rules, start, progress, complete };

class VerdictCheck {
 public:
  VerdictCheck(const Log& log, const OfferedType& type, Hook hook, double reward_factor_max)
      : log_(log), type_(type), hook_(hook), reward_factor_max_(reward_factor_max) {}

  // Runs call(decide, sink), which calls the hook. Problems: 422 with the code of a rejection, 422
  // validation_failed with fields below "rules", "proof" or "progress", 409 rules_unfit, 500
  // challenge_type_failed. Throws HostFailure where the database or the server could not, and a
  // retryable DbError where the transaction is to run again. [fiber, suspends]
  using Call = std::function<calixo_status(calixo_decide_fn decide, void* sink)>;
  Decision run(const Call& call) const;

  // Runs write(), by which the verdict takes effect. A statement of the hook that failed and that
  // the type let pass shows here, where the transaction takes no more: 500 challenge_type_failed.
  // [fiber, suspends]
  template <class Write>
  auto effect(Write&& write) const {
    try {
      return write();
    } catch (const DbError& error) {
      if (error.sqlstate() != "25P02") throw;
    }
    fail("a statement of it failed and it went on");
  }

 private:
  struct Verdict;
  [[noreturn]] void fail(std::string_view reason) const;
  [[noreturn]] void fail_by_status(calixo_status status) const;
  [[noreturn]] void reject(const Verdict& verdict) const;
  [[noreturn]] void refuse_input(const Verdict& verdict) const;
  Decision accept(Verdict& verdict) const;
  void check_code(std::string_view code) const;
  std::vector<FieldError> errors_of(const Verdict& verdict) const;
  void check_state(const Verdict& verdict) const;

  Log log_;
  const OfferedType& type_;
  Hook hook_;
  double reward_factor_max_;
};

}  // namespace calixo::challenges
