// Database calls from where no connection lives (worker threads, fibers of other loops): the work
// runs on a fiber of one of the database's loops, the caller waits.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "db/loop_database.hpp"

namespace calixo::host {

// Runs `work` on a fiber of that loop. A caller that leaves early leaves the work to its end, so
// that whatever it touches must be owned by it. `overloaded` where the loop has no fiber to spare.
// [fiber, suspends]
DbStatus call_remotely(LoopDatabase& loop, std::function<DbStatus()> work);

// A context, copied.
class KeptContext {
 public:
  explicit KeptContext(const StatementContext& context)
      : role_(context.role),
        claims_(context.claims_json),
        user_id_(context.user_id),
        claims_role_(context.claims_role) {}
  StatementContext view() const { return {role_, claims_, user_id_, claims_role_}; }

 private:
  std::string role_;
  std::string claims_;
  std::string user_id_;
  std::string claims_role_;
};

// A run's words, copied, and its answers.
class RemoteRun {
 public:
  RemoteRun(const StatementContext& context, std::span<const Statement> statements);
  RemoteRun(const RemoteRun&) = delete;
  RemoteRun& operator=(const RemoteRun&) = delete;

  StatementContext context() const { return context_.view(); }
  std::span<const Statement> statements() const { return statements_; }
  std::vector<ResultSet> results;

 private:
  KeptContext context_;
  std::string text_;  // all SQL and parameters, which the views below point into
  std::vector<std::optional<std::string_view>> parameters_;
  std::vector<Statement> statements_;
};

}  // namespace calixo::host
