// One transaction on a leased connection. Belongs to the loop of its connection; what callers hold
// is make_transaction's, which brings their calls there.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db/later_run.hpp"
#include "db/loop_database.hpp"

namespace calixo::host {

class LoopTransaction {
 public:
  LoopTransaction(std::shared_ptr<LoopDatabase> database, const TransactionOptions& options);

  // What a caller that left before its lease came never ends, ends here. [any-thread]
  ~LoopTransaction();
  LoopTransaction(const LoopTransaction&) = delete;
  LoopTransaction& operator=(const LoopTransaction&) = delete;

  LoopDatabase& database() { return *database_; }

  DbStatus lease();  // [fiber, suspends]
  DbStatus run(const StatementContext& context, std::span<const Statement> statements,
               std::vector<ResultSet>& results);  // [fiber, suspends]
  // False where kLaterMax statements wait. On whatever thread the caller's fiber runs.
  bool run_later(const StatementContext& context, std::span<const Statement> statements);
  bool run_row_later(const StatementContext& context, const Statement& row);
  // Neither the fiber's deadline nor its cancellation ends it: what became of the transaction
  // would not be known. Bounded by the statement deadline. [fiber, suspends]
  DbStatus commit(ResultSet& failure);
  // Sends the rollback and gives the connection back, without waiting: what the next one sends
  // comes after it. [loop]
  void rollback();

 private:
  static constexpr std::size_t kLaterMax = 256;

  LaterRows* later_rows_of(const StatementContext& context, const Statement& row);
  bool is_usable() const;
  void submit_first(Run& run);
  void submit_later();
  DbStatus take_later_status(ResultSet& failure);
  void forget_later();
  DbStatus await(Run& run, Completion& completion);
  DbStatus refuse_commit(ResultSet& failure);
  void end();

  std::shared_ptr<LoopDatabase> database_;
  std::string begin_;
  std::vector<Later> later_;  // given, or sent and not yet looked at
  std::size_t later_statements_ = 0;
  Lease* lease_ = nullptr;
  bool has_begun_ = false;
  bool has_failed_ = false;    // the server refuses everything but rollback
  bool is_unsettled_ = false;  // a statement may still be running there
};

// Rolls back when destroyed; works on any fiber and on worker threads.
std::unique_ptr<Transaction> make_transaction(std::shared_ptr<LoopTransaction> transaction);

}  // namespace calixo::host
