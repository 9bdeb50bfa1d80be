// A run that nobody waits for by itself: it was sent in front of the run that is waited for, so
// that its answer is there before that one's.
#pragma once

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

}  // namespace calixo::host
