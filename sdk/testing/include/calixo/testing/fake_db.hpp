// A database scripted by the test: every statement is handed to a function that answers it.
// Used by one test.
#pragma once

#include <calixo/detail/abi.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace calixo::testing {

// One statement as it arrived.
struct Statement {
  std::string sql;                                     // its text
  std::vector<std::optional<std::string>> parameters;  // text format
  bool is_as_service = false;                          // by service_db(), not by db()
  bool is_in_transaction = false;                      // by a Transaction
};

// What it is answered with: rows, or a failure.
struct Answer {
  std::vector<std::string> columns;  // names
  // A row's values in text format; nullopt is NULL.
  std::vector<std::vector<std::optional<std::string>>> rows;
  std::int64_t affected = 0;         // rows written
  std::string sqlstate;              // not empty: the statement failed
  std::string message;               // of the failure
  std::string constraint;            // that it violated
  std::string detail;                // beside the message
  calixo_status status = CALIXO_OK;  // another: the database could not be asked

  // A statement that fails with this SQLSTATE.
  static Answer failure(std::string sqlstate, std::string constraint = {}) {
    Answer answer;
    answer.sqlstate = std::move(sqlstate);
    answer.message = "scripted failure";
    answer.constraint = std::move(constraint);
    return answer;
  }
  // The database could not be asked.
  static Answer away(calixo_status status = CALIXO_UNAVAILABLE) {
    Answer answer;
    answer.status = status;
    return answer;
  }
  // Rows that were written.
  static Answer wrote(std::int64_t rows) {
    Answer answer;
    answer.affected = rows;
    return answer;
  }
};

// What host.db is.
class FakeDb {
 public:
  // Answers each statement; an empty result where it is not set.
  std::function<Answer(const Statement&)> on_statement;
  // Answers each commit: rows are not looked at, a failure refuses it.
  std::function<Answer()> on_commit;

  std::vector<Statement> statements;  // all that were run, in order
  int begun = 0;                      // transactions
  int committed = 0;                  // of them
  int rolled_back = 0;                // of them, refused commits as well
  int results_open = 0;               // not yet released
  std::uint32_t options = 0;          // of the last begin
  // Neither committed nor rolled back.
  int open_transactions() const { return begun - committed - rolled_back; }

 private:
  friend struct Tables;

  calixo_status run(bool is_as_service, bool is_in_transaction, const calixo_statement* all,
                    std::size_t count, calixo_result** results) {
    for (std::size_t i = 0; i < count; ++i) results[i] = nullptr;
    for (std::size_t i = 0; i < count; ++i) {
      Statement statement{calixo::detail::view(all[i].sql).data() == nullptr
                              ? std::string()
                              : std::string(calixo::detail::view(all[i].sql)),
                          {},
                          is_as_service,
                          is_in_transaction};
      for (std::size_t p = 0; p < all[i].parameter_count; ++p) {
        const calixo_str text = all[i].parameters[p];
        statement.parameters.push_back(
            text.data == nullptr ? std::nullopt : std::optional(std::string(text.data, text.size)));
      }
      statements.push_back(statement);
      Answer answer = on_statement ? on_statement(statement) : Answer();
      if (answer.status != CALIXO_OK) return release_all(results, i, answer.status);
      const bool is_failed = !answer.sqlstate.empty();
      results[i] = keep(std::move(answer));
      if (is_failed) return fill_rest(results, i + 1, count);
    }
    return CALIXO_OK;
  }

  calixo_status commit(calixo_result** failure) {
    *failure = nullptr;
    Answer answer = on_commit ? on_commit() : Answer();
    if (answer.status != CALIXO_OK || !answer.sqlstate.empty()) {
      ++rolled_back;
      if (answer.status != CALIXO_OK) return answer.status;
      *failure = keep(std::move(answer));
      return CALIXO_SQL_ERROR;
    }
    ++committed;
    return CALIXO_OK;
  }

  calixo_result* keep(Answer answer) {
    ++results_open;
    return reinterpret_cast<calixo_result*>(new Result{this, std::move(answer)});
  }
  calixo_status fill_rest(calixo_result** results, std::size_t from, std::size_t count) {
    for (std::size_t i = from; i < count; ++i) results[i] = keep({});
    return CALIXO_SQL_ERROR;
  }
  calixo_status release_all(calixo_result** results, std::size_t count, calixo_status status) {
    for (std::size_t i = 0; i < count; ++i) {
      release(results[i]);
      results[i] = nullptr;
    }
    return status;
  }

  struct Result {
    FakeDb* owner;
    Answer answer;
  };
  static const Answer& answer_of(const calixo_result* result) {
    static const Answer kNone;
    return result == nullptr ? kNone : reinterpret_cast<const Result*>(result)->answer;
  }
  static calixo_str text_of(const std::string& text) { return {text.data(), text.size()}; }

  static std::size_t row_count(const calixo_result* result) {
    return answer_of(result).rows.size();
  }
  static std::size_t column_count(const calixo_result* result) {
    return answer_of(result).columns.size();
  }
  static calixo_str column_name(const calixo_result* result, std::size_t column) {
    const Answer& answer = answer_of(result);
    return column < answer.columns.size() ? text_of(answer.columns[column])
                                          : calixo_str{nullptr, 0};
  }
  static calixo_str value(const calixo_result* result, std::size_t row, std::size_t column) {
    const Answer& answer = answer_of(result);
    if (row >= answer.rows.size() || column >= answer.rows[row].size()) return {nullptr, 0};
    const auto& text = answer.rows[row][column];
    return text ? text_of(*text) : calixo_str{nullptr, 0};
  }
  static std::int64_t affected_rows(const calixo_result* result) {
    return answer_of(result).affected;
  }
  static void error(const calixo_result* result, calixo_sql_error* error) {
    const Answer& answer = answer_of(result);
    error->sqlstate = text_of(answer.sqlstate);
    error->message = text_of(answer.message);
    error->constraint = text_of(answer.constraint);
    error->detail = text_of(answer.detail);
  }
  static void release(calixo_result* result) {
    if (result == nullptr) return;
    auto* const of = reinterpret_cast<Result*>(result);
    --of->owner->results_open;
    delete of;
  }
};

}  // namespace calixo::testing
