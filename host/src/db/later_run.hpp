// What of a transaction nobody waits for by itself: it is sent in front of the run that is waited
// for, so that its answer is there before that one's.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db/remote_call.hpp"
#include "db/run.hpp"

namespace calixo::host {

// [loop] once it was sent.
struct LaterRun {
  LaterRun(const StatementContext& context, std::span<const Statement> statements)
      : words(context, statements) {
    words.results.resize(statements.size());
  }
  LaterRun(const LaterRun&) = delete;
  LaterRun& operator=(const LaterRun&) = delete;
  // An answer that comes after the waiter left finds nobody.
  ~LaterRun() {
    if (run.segment != nullptr) run.segment->run = nullptr;
  }

  // The server refused it, or gave it up.
  bool has_failed() const {
    return is_sent && (run.status == DbStatus::sql_error || run.status == DbStatus::timed_out);
  }

  RemoteRun words;
  Run run{words.context(), words.statements(), &words.results, {}};
  bool is_sent = false;
};

// Rows of one statement that run at once: its parameter i is the array of their values i.
class LaterRows {
 public:
  LaterRows(const StatementContext& context, const Statement& first);

  bool takes(const StatementContext& context, const Statement& row) const;
  bool add(const Statement& row);  // false where kMax are there
  std::unique_ptr<LaterRun> to_run() const;

 private:
  static constexpr std::size_t kMax = 1024;

  KeptContext context_;
  std::string sql_;
  std::vector<std::string> columns_;  // array literals without their ends
  std::size_t size_ = 0;
};

// In the order in which it was given: statements, or rows until they are sent.
struct Later {
  std::unique_ptr<LaterRun> run;
  std::unique_ptr<LaterRows> rows;
};

}  // namespace calixo::host
