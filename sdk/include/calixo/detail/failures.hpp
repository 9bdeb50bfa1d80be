// The one table that turns what a handler throws into an answer. Nothing of an exception's own text
// reaches a client.
// Called from catch blocks of trampolines. [fiber]
#pragma once

#include <calixo/db.hpp>
#include <calixo/detail/abi.hpp>
#include <calixo/detail/json_writer.hpp>
#include <calixo/exception_state.hpp>
#include <calixo/log.hpp>
#include <calixo/problem.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace calixo::detail {

inline std::string errors_json(const std::vector<FieldError>& errors) {
  std::string out;
  for (const FieldError& error : errors) {
    out += out.empty() ? "[{\"field\":" : ",{\"field\":";
    append_text(out, error.field);
    out += ",\"code\":";
    append_text(out, error.code);
    out += ",\"message\":";
    append_text(out, error.message);
    out += '}';
  }
  if (!out.empty()) out += ']';
  return out;
}

inline void answer_problem(const Host& host, calixo_exchange* exchange, const Problem& problem) {
  const std::string errors = errors_json(problem.errors());
  calixo_problem abi{};
  abi.struct_size = sizeof abi;
  abi.http_status = problem.http_status();
  abi.retry_after_s = problem.retry_after_s();
  abi.code = to_abi(problem.code());
  abi.message = to_abi(problem.message());
  abi.errors_json = to_abi(errors);
  host.exchange->fail(exchange, &abi);
}

// A host call that could not be done: no answer where the request is over, 504 past a deadline,
// else 503; both say when to come back.
inline void answer_status(const Host& host, calixo_exchange* exchange, calixo_status status,
                          const char* operation) {
  switch (status) {
    case CALIXO_CANCELLED:
      return;
    case CALIXO_TIMEOUT:
      return answer_problem(host, exchange, Problem(504, "timeout").retry_after_s(1));
    case CALIXO_UNAVAILABLE:
      return answer_problem(host, exchange, Problem(503, "unavailable").retry_after_s(1));
    case CALIXO_LIMIT:
      return answer_problem(host, exchange, Problem(503, "overloaded").retry_after_s(1));
    default:
      Log(host).error("host call failed", {{"operation", operation}, {"status", status}});
      answer_problem(host, exchange, Problem(500, "internal"));
  }
}

inline bool is_busy(std::string_view sqlstate) {  // SQLSTATE classes, PostgreSQL's appendix A
  return sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03" ||
         sqlstate.starts_with("08") || sqlstate.starts_with("53") || sqlstate.starts_with("57P");
}

inline void answer_db_error(const Host& host, calixo_exchange* exchange, const DbError& error) {
  if (error.status() != CALIXO_SQL_ERROR) {
    return answer_status(host, exchange, error.status(), "database");
  }
  if (error.sqlstate() == "57014") return answer_status(host, exchange, CALIXO_TIMEOUT, "");
  if (is_busy(error.sqlstate())) return answer_status(host, exchange, CALIXO_UNAVAILABLE, "");
  Log(host).error("statement failed", {{"error", error.what()}});
  answer_problem(host, exchange, Problem(500, "internal"));
}

// Rethrows the exception being handled and answers for it; never throws. An answer that was given
// already stays: the host refuses a second.
inline void answer_current_exception(const Host& host, calixo_exchange* exchange) noexcept {
  try {
    try {
      throw;
    } catch (const Problem& problem) {
      answer_problem(host, exchange, problem);
    } catch (const DbError& error) {
      answer_db_error(host, exchange, error);
    } catch (const HostFailure& failure) {
      answer_status(host, exchange, failure.status(), failure.what());
    } catch (const std::exception& exception) {
      Log(host).error("handler failed", {{"error", exception.what()}});
      answer_problem(host, exchange, Problem(500, "internal"));
    } catch (...) {
      Log(host).error("handler failed", {{"error", "an exception of no standard type"}});
      answer_problem(host, exchange, Problem(500, "internal"));
    }
  } catch (...) {  // out of memory while answering: the host answers for a silent handler
  }
}

}  // namespace calixo::detail
