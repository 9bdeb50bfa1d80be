// From a C++ challenge type to the ABI's table: JSON in, verdicts out, and no exception that
// leaves. The hooks run as the ABI says. [fiber, suspends]
#pragma once

#include <calixo/attempt.hpp>
#include <calixo/detail/failures.hpp>
#include <calixo/schema.hpp>
#include <calixo/verdict.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calixo::detail {

// The JSON that came is no Proof, Progress or Rules.
struct InvalidInput {
  std::vector<FieldError> errors;
};
// The rules of the template are none of this type any more.
struct UnfitRules {};

template <class T>
T read_input(calixo_str json, std::string_view language) {
  try {
    return parse_json<T>(view(json), language);
  } catch (const Problem& problem) {
    throw InvalidInput{problem.errors()};
  }
}

template <class T>
T read_kept_rules(calixo_str json) {
  try {
    return parse_json<T>(view(json));
  } catch (const Problem&) {
    throw UnfitRules{};
  }
}

// One call of a hook: who is to be told, in which language, and what went wrong.
class HookCall {
 public:
  HookCall(const Host& host, std::string_view type, std::string_view hook,
           std::string_view language, calixo_decide_fn decide, void* sink)
      : host_(host), type_(type), hook_(hook), language_(language), decide_(decide), sink_(sink) {}

  // Runs hook() and tells its verdict; what it throws becomes a verdict or a status.
  template <class Hook>
  calixo_status run(Hook&& hook) noexcept {
    try {
      return run_unguarded(hook);
    } catch (const UnfitRules&) {
      return CALIXO_UNSUPPORTED;
    } catch (const HostFailure& failure) {
      return failure.status();
    } catch (const DbError& error) {
      return status_of(error);
    } catch (const std::exception& exception) {
      return report(exception.what());
    } catch (...) {
      return report("an exception of no standard type");
    }
  }

 private:
  template <class Hook>
  calixo_status run_unguarded(Hook& hook) {
    try {
      tell(hook());
    } catch (const InvalidInput& invalid) {
      tell_invalid(invalid.errors);
    } catch (const Problem& problem) {
      if (problem.http_status() >= 500) return report(problem.what());
      tell(CALIXO_VERDICT_REJECT, problem.code(), problem.message(), problem.errors());
    }
    return CALIXO_OK;
  }

  void tell(const Verdict& verdict) {
    if (verdict.kind() == Verdict::Kind::reject) {
      return tell(CALIXO_VERDICT_REJECT, verdict.code(), verdict.message(language_),
                  verdict.errors(language_));
    }
    calixo_verdict abi{};
    abi.struct_size = sizeof abi;
    abi.kind =
        verdict.kind() == Verdict::Kind::review ? CALIXO_VERDICT_REVIEW : CALIXO_VERDICT_ACCEPT;
    abi.reward_factor = verdict.reward_factor();
    abi.code = to_abi(verdict.code());
    if (verdict.state_json()) abi.state_json = to_abi(*verdict.state_json());
    decide_(sink_, &abi);
  }
  void tell_invalid(const std::vector<FieldError>& errors) {
    tell(CALIXO_VERDICT_INVALID, {}, {}, errors);
  }
  void tell(std::uint32_t kind, std::string_view code, std::string_view message,
            const std::vector<FieldError>& errors) {
    const std::string json = errors_json(errors);
    calixo_verdict abi{};
    abi.struct_size = sizeof abi;
    abi.kind = kind;
    abi.code = to_abi(code);
    abi.message = to_abi(message);
    abi.errors_json = to_abi(json);
    decide_(sink_, &abi);
  }

  calixo_status status_of(const DbError& error) noexcept {
    if (error.status() != CALIXO_SQL_ERROR) return error.status();
    if (error.is_retryable()) return CALIXO_CONFLICT;
    return report(error.what());
  }
  calixo_status report(std::string_view reason) noexcept {
    try {
      Log(host_).error("challenge type failed",
                       {{"type", type_}, {"hook", hook_}, {"error", reason}});
    } catch (...) {  // out of memory: the hook has failed either way
    }
    return CALIXO_INTERNAL;
  }

  const Host& host_;
  std::string_view type_, hook_, language_;
  calixo_decide_fn decide_;
  void* sink_;
};

// A type as it is registered, and what its trampolines work on. Lives as long as the plugin.
template <class Type>
class ChallengeTypeRecord {
  using Base = typename Type::Base;
  using Rules = typename Base::RulesType;
  using Proof = typename Base::ProofType;
  using Progress = typename Base::ProgressType;
  using Attempt = typename Base::Attempt;

 public:
  template <class... Arguments>
  ChallengeTypeRecord(const Host& host, std::string_view name, Arguments&&... arguments)
      : host_(host), name_(name), type_(std::forward<Arguments>(arguments)...) {
    rules_schema_ = json_schema<Rules>(SchemaOf::request);
    proof_schema_ = json_schema<Proof>(SchemaOf::request);
    table_.struct_size = sizeof table_;
    table_.rules_schema = to_abi(rules_schema_);
    table_.proof_schema = to_abi(proof_schema_);
    table_.expires_after_s = base().expires_after_s();
    if (!base().needs_database()) table_.flags |= CALIXO_CHALLENGE_TYPE_NEEDS_NO_DATABASE;
    table_.user = this;
    table_.check_rules = &check_rules;
    table_.start = &start;
    table_.complete = &complete;
    table_.expire = &expire;
    if constexpr (Base::kTakesProgress) {
      progress_schema_ = json_schema<Progress>(SchemaOf::request);
      table_.flags |= CALIXO_CHALLENGE_TYPE_TAKES_PROGRESS;
      table_.progress_schema = to_abi(progress_schema_);
      table_.progress = &progress;
    }
  }
  ChallengeTypeRecord(const ChallengeTypeRecord&) = delete;
  ChallengeTypeRecord& operator=(const ChallengeTypeRecord&) = delete;

  Type& type() { return type_; }
  const calixo_challenge_type_v1& table() const { return table_; }
  // For the manifest.
  std::string details_json() const {
    return "{\"rules\":" + rules_schema_ + ",\"proof\":" + proof_schema_ +
           ",\"progress\":" + (progress_schema_.empty() ? "null" : progress_schema_) +
           ",\"expires_after_s\":" + std::to_string(table_.expires_after_s) + "}";
  }

 private:
  Base& base() { return type_; }
  static ChallengeTypeRecord& of(void* user) { return *static_cast<ChallengeTypeRecord*>(user); }

  template <class Hook>
  calixo_status run(std::string_view name, const calixo_attempt& attempt, calixo_decide_fn decide,
                    void* sink, Hook&& hook) noexcept {
    return HookCall(host_, name_, name, view(attempt.language), decide, sink).run([&] {
      const Rules rules = read_kept_rules<Rules>(attempt.rules_json);
      return hook(base(), Attempt(host_, attempt, rules));
    });
  }

  static calixo_status check_rules(void* user, const calixo_attempt* attempt,
                                   calixo_decide_fn decide, void* sink) {
    ChallengeTypeRecord& record = of(user);
    const std::string_view language = view(attempt->language);
    return HookCall(record.host_, record.name_, "check_rules", language, decide, sink).run([&] {
      Verdict verdict = record.base().check_rules(read_input<Rules>(attempt->rules_json, language));
      if (verdict.kind() == Verdict::Kind::accept) return verdict;
      InvalidInput invalid{verdict.errors(language)};
      if (invalid.errors.empty()) {
        invalid.errors.push_back({"", verdict.code(), std::string(verdict.message(language))});
      }
      throw invalid;
    });
  }
  static calixo_status start(void* user, const calixo_attempt* attempt, calixo_decide_fn decide,
                             void* sink) {
    return of(user).run("start", *attempt, decide, sink,
                        [](Base& type, const Attempt& begun) { return type.start(begun); });
  }
  static calixo_status progress(void* user, const calixo_attempt* attempt, calixo_str json,
                                calixo_decide_fn decide, void* sink) {
    return of(user).run("progress", *attempt, decide, sink, [&](Base& type, const Attempt& open) {
      return type.progress(open, read_input<Progress>(json, open.language()));
    });
  }
  static calixo_status complete(void* user, const calixo_attempt* attempt, calixo_str json,
                                calixo_decide_fn decide, void* sink) {
    return of(user).run("complete", *attempt, decide, sink, [&](Base& type, const Attempt& open) {
      return type.complete(open, read_input<Proof>(json, open.language()));
    });
  }
  static calixo_status expire(void* user, const calixo_attempt* attempt) {
    const calixo_decide_fn ignore = [](void*, const calixo_verdict*) {};
    return of(user).run("expire", *attempt, ignore, nullptr, [](Base& type, const Attempt& over) {
      type.expire(over);
      return Verdict::accept();
    });
  }

  const Host& host_;
  std::string name_;
  Type type_;
  std::string rules_schema_, proof_schema_, progress_schema_;
  calixo_challenge_type_v1 table_{};
};

}  // namespace calixo::detail
