#include "verdict_check.hpp"

#include <algorithm>
#include <cmath>

namespace calixo::challenges {

struct WireError {
  std::string field = "";
  std::string code;
  std::string message = "";
};
BOOST_DESCRIBE_STRUCT(WireError, (), (field, code, message))
CALIXO_RULES(WireError) {
  rules.at<&WireError::field>().optional().length(0, 200);
  rules.at<&WireError::code>().length(1, 64);
  rules.at<&WireError::message>().optional().length(0, 500);
}

namespace {

constexpr std::size_t kCodeBytesMax = 64;
constexpr std::size_t kMessageBytesMax = 1000;
constexpr std::size_t kErrorsBytesMax = 64 * 1024;
constexpr std::size_t kErrorsMax = 100;

std::string_view name_of(Hook hook) {
  constexpr std::string_view kNames[] = {"check_rules", "start", "progress", "complete"};
  return kNames[static_cast<int>(hook)];
}

// What the hook was given, as the client's request calls it.
std::string_view input_of(Hook hook) {
  constexpr std::string_view kNames[] = {"rules", "rules", "progress", "proof"};
  return kNames[static_cast<int>(hook)];
}

bool is_code(std::string_view code) {
  const auto is_fit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !code.empty() && code.size() <= kCodeBytesMax && code.front() >= 'a' &&
         std::all_of(code.begin(), code.end(), is_fit);
}

}  // namespace

// A copy of what the hook told, cut where it exceeds what is looked at.
struct VerdictCheck::Verdict {
  int count = 0;
  bool is_short = false;  // of another revision of the struct
  bool is_lost = false;   // memory was short
  std::uint32_t kind = 0;
  double reward_factor = 0;
  std::string code, message, errors_json;
  std::optional<std::string> state_json;

  static std::string cut(calixo_str text, std::size_t bytes_max) {
    return std::string(detail::view(text).substr(0, bytes_max + 1));
  }
  // The calixo_decide_fn. Called by the type: nothing may be thrown.
  static void take(void* sink, const calixo_verdict* told) {
    auto& into = *static_cast<Verdict*>(sink);
    if (++into.count > 1) return;
    into.is_short = told == nullptr || told->struct_size < sizeof *told;
    if (into.is_short) return;
    into.kind = told->kind;
    into.reward_factor = told->reward_factor;
    try {
      into.code = cut(told->code, kCodeBytesMax);
      into.message = cut(told->message, kMessageBytesMax);
      into.errors_json = cut(told->errors_json, kErrorsBytesMax);
      if (told->state_json.data != nullptr) {
        into.state_json = cut(told->state_json, CALIXO_CHALLENGE_STATE_BYTES_MAX);
      }
    } catch (...) {
      into.is_lost = true;
    }
  }
};

Decision VerdictCheck::run(const Call& call) const {
  Verdict verdict;
  // The hook suspends by its own plugin's calls: what this plugin is catching is put aside here.
  const calixo_status status = detail::suspending([&] { return call(&Verdict::take, &verdict); });
  if (status != CALIXO_OK) fail_by_status(status);
  if (verdict.is_lost) throw std::bad_alloc();
  if (verdict.count == 0) fail("it gave no verdict");
  if (verdict.count > 1) fail("it gave " + std::to_string(verdict.count) + " verdicts");
  if (verdict.is_short) fail("its verdict is not of the size this server knows");
  switch (verdict.kind) {
    case CALIXO_VERDICT_ACCEPT:
      return accept(verdict);
    case CALIXO_VERDICT_REJECT:
      if (hook_ != Hook::check_rules) reject(verdict);
      break;
    case CALIXO_VERDICT_REVIEW:
      if (hook_ == Hook::complete) return accept(verdict);
      break;
    case CALIXO_VERDICT_INVALID:
      if (hook_ != Hook::start) refuse_input(verdict);
      break;
    default:
      break;
  }
  fail("verdict kind " + std::to_string(verdict.kind) + " is none of this hook's");
}

void VerdictCheck::fail(std::string_view reason) const {
  log_.error(
      "challenge type failed",
      {{"type", type_.name}, {"of", type_.plugin_id}, {"hook", name_of(hook_)}, {"error", reason}});
  throw Problem(500, "challenge_type_failed");
}

void VerdictCheck::fail_by_status(calixo_status status) const {
  switch (status) {
    case CALIXO_CANCELLED:
    case CALIXO_TIMEOUT:
    case CALIXO_UNAVAILABLE:
    case CALIXO_LIMIT:
      throw HostFailure(status, "challenge type");
    case CALIXO_CONFLICT:
      throw DbError(CALIXO_SQL_ERROR, "40001", "a challenge type asks to run again");
    case CALIXO_UNSUPPORTED:
      log_.error("challenge rules unfit", {{"type", type_.name}, {"of", type_.plugin_id}});
      throw conflict("rules_unfit");
    default:
      fail("it answered status " + std::to_string(status));
  }
}

void VerdictCheck::check_code(std::string_view code) const {
  if (!is_code(code)) fail("its code is not 1 to 64 of a-z, 0-9 and _");
}

std::vector<FieldError> VerdictCheck::errors_of(const Verdict& verdict) const {
  std::vector<FieldError> errors;
  if (verdict.errors_json.empty()) return errors;
  const std::string root(input_of(hook_));
  try {
    for (WireError& error : parse_json<std::vector<WireError>>(verdict.errors_json)) {
      if (errors.size() == kErrorsMax) break;
      errors.push_back({error.field.empty() ? root : root + "." + error.field,
                        std::move(error.code), std::move(error.message)});
    }
  } catch (const Problem&) {
    fail("its errors are no list of field, code and message");
  }
  return errors;
}

void VerdictCheck::reject(const Verdict& verdict) const {
  check_code(verdict.code);
  if (verdict.message.size() > kMessageBytesMax || !detail::is_utf8(verdict.message)) {
    fail("its message is no UTF-8 of at most 1000 bytes");
  }
  throw invalid(verdict.code).message(verdict.message).errors(errors_of(verdict));
}

void VerdictCheck::refuse_input(const Verdict& verdict) const {
  std::vector<FieldError> errors = errors_of(verdict);
  if (errors.empty()) fail("it calls its input invalid without saying where");
  throw invalid("validation_failed").errors(std::move(errors));
}

void VerdictCheck::check_state(const Verdict& verdict) const {
  if (verdict.state_json->size() > CALIXO_CHALLENGE_STATE_BYTES_MAX) {
    fail("its state exceeds " + std::to_string(CALIXO_CHALLENGE_STATE_BYTES_MAX) + " bytes");
  }
  // jsonb holds no U+0000.
  if (verdict.state_json->find("\\u0000") != std::string::npos) fail("its state holds a \\u0000");
  try {
    if (parse_json<Json>(*verdict.state_json).is_object()) return;
  } catch (const Problem&) {  // falls through
  }
  fail("its state is no JSON object");
}

Decision VerdictCheck::accept(Verdict& verdict) const {
  Decision decision;
  decision.is_review = verdict.kind == CALIXO_VERDICT_REVIEW;
  if (decision.is_review) check_code(verdict.code);
  if (hook_ == Hook::complete && !decision.is_review) {
    const double factor = verdict.reward_factor;
    if (!(factor >= 0 && factor <= reward_factor_max_)) {  // NaN as well
      std::string text = "its reward factor ";
      detail::append_number(text, factor);
      text += " is not between 0 and ";
      detail::append_number(text, reward_factor_max_);
      fail(text);
    }
    decision.reward_factor = factor;
  }
  if (verdict.state_json) check_state(verdict);
  decision.code = std::move(verdict.code);
  decision.state_json = std::move(verdict.state_json);
  return decision;
}

}  // namespace calixo::challenges
