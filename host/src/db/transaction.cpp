#include "db/transaction.hpp"

#include <utility>

#include "db/remote_call.hpp"
#include "db/statement_guard.hpp"

namespace calixo::host {
namespace {

std::string begin_command(const TransactionOptions& options) {
  std::string command = "begin isolation level ";
  switch (options.isolation) {
    case Isolation::read_committed:
      command += "read committed";
      break;
    case Isolation::repeatable_read:
      command += "repeatable read";
      break;
    case Isolation::serializable:
      command += "serializable";
      break;
  }
  return command + (options.read_only ? " read only" : " read write");
}

}  // namespace

LoopTransaction::LoopTransaction(std::shared_ptr<LoopDatabase> database,
                                 const TransactionOptions& options)
    : database_(std::move(database)), begin_(begin_command(options)) {}

LoopTransaction::~LoopTransaction() {
  if (lease_ == nullptr) return;
  EventLoop& loop = database_->loop();
  if (EventLoop::current() == &loop) {
    rollback();
    return;
  }
  auto rest = std::make_shared<LoopTransaction>(database_, TransactionOptions{});
  rest->lease_ = std::exchange(lease_, nullptr);
  rest->has_begun_ = has_begun_;
  rest->is_unsettled_ = is_unsettled_;
  loop.post([rest] { rest->rollback(); });
}

DbStatus LoopTransaction::lease() {
  const DbStatus status = database_->leases().take(lease_);
  if (status == DbStatus::ok) database_->counters().transactions.add();
  return status;
}

bool LoopTransaction::run_later(const StatementContext& context,
                                std::span<const Statement> statements) {
  if (later_statements_ + statements.size() > kLaterMax) return false;
  later_statements_ += statements.size();
  later_.push_back({std::make_unique<LaterRun>(context, statements), nullptr});
  return true;
}

// Not before another statement, which the row may have to come after.
LaterRows* LoopTransaction::later_rows_of(const StatementContext& context, const Statement& row) {
  for (auto at = later_.rbegin(); at != later_.rend() && at->rows != nullptr; ++at) {
    if (at->rows->takes(context, row)) return at->rows.get();
  }
  return nullptr;
}

bool LoopTransaction::run_row_later(const StatementContext& context, const Statement& row) {
  if (LaterRows* const rows = later_rows_of(context, row)) return rows->add(row);
  if (later_statements_ >= kLaterMax) return false;
  ++later_statements_;
  later_.push_back({nullptr, std::make_unique<LaterRows>(context, row)});
  return true;
}

// The begin travels with whatever comes first.
void LoopTransaction::submit_first(Run& run) {
  run.is_continued = std::exchange(has_begun_, true);
  if (!run.is_continued) run.begin = begin_;
  lease_->connection.submit(run);
}

void LoopTransaction::submit_later() {
  for (Later& later : later_) {
    if (later.rows != nullptr) later = {later.rows->to_run(), nullptr};
    later.run->is_sent = true;
    submit_first(later.run->run);
  }
}

// What became of those that were sent; of the first that failed `failure` says why.
DbStatus LoopTransaction::take_later_status(ResultSet& failure) {
  const auto sent = std::exchange(later_, {});
  later_statements_ = 0;
  for (const Later& later : sent) {
    if (!later.run->has_failed()) continue;
    for (ResultSet& result : later.run->words.results) {
      if (result.failed()) failure = std::move(result);
    }
    return later.run->run.status;
  }
  return DbStatus::ok;
}

void LoopTransaction::forget_later() {
  later_.clear();
  later_statements_ = 0;
}

bool LoopTransaction::is_usable() const {
  return lease_ != nullptr && lease_->connection.is_ready() && !is_unsettled_;
}

DbStatus LoopTransaction::run(const StatementContext& context,
                              std::span<const Statement> statements,
                              std::vector<ResultSet>& results) {
  if (!is_usable()) return DbStatus::unavailable;
  results.clear();
  results.resize(statements.size());
  const bool is_undoing = !statements.empty() && is_rollback_to(statements[0].sql);
  submit_later();  // also where they are undone at once: the savepoint may be one of them
  Completion completion;
  Run run{context, statements, &results, completion.handle()};
  submit_first(run);
  const DbStatus status = await(run, completion);
  ResultSet failure;
  const DbStatus before = take_later_status(failure);
  if (status != DbStatus::ok) {
    has_failed_ = true;
  } else if (is_undoing) {
    has_failed_ = false;  // what failed is undone, the transaction goes on
  }
  if (status != DbStatus::sql_error || before == DbStatus::ok) return status;
  results.front() = std::move(failure);
  return before;
}

DbStatus LoopTransaction::await(Run& run, Completion& completion) {
  const auto deadline = Deadline(database_->loop().now() + database_->statement_deadline());
  const WaitStatus waited = completion.wait(deadline);
  if (waited == WaitStatus::ready) return run.status;
  const bool was_sent = run.segment != nullptr;
  if (was_sent) run.segment->run = nullptr;
  is_unsettled_ = true;
  if (was_sent && lease_ != nullptr) {
    database_->canceller().cancel(lease_->connection.make_cancel());
  }
  return waited == WaitStatus::timed_out ? DbStatus::timed_out : DbStatus::cancelled;
}

DbStatus LoopTransaction::commit(ResultSet& failure) {
  const Fiber::Shield shield;
  if (lease_ == nullptr) return DbStatus::unavailable;
  if (!has_begun_ && later_.empty()) {
    end();
    return DbStatus::ok;
  }
  if (!is_usable()) {
    rollback();
    return DbStatus::unavailable;
  }
  if (has_failed_) return refuse_commit(failure);
  submit_later();
  std::vector<ResultSet> results(1);
  Completion completion;
  Run run{{}, {}, &results, completion.handle()};
  lease_->connection.submit_bare(run, "commit");
  DbStatus status = await(run, completion);
  if (status == DbStatus::sql_error) failure = std::move(results.front());
  // PostgreSQL answers the commit of a failed transaction with a plain ROLLBACK.
  const DbStatus before = take_later_status(failure);
  if (status == DbStatus::ok) status = before;
  end();
  return status;
}

// PostgreSQL answers the commit of a failed transaction with a plain ROLLBACK. Any statement in it
// tells what is the matter.
DbStatus LoopTransaction::refuse_commit(ResultSet& failure) {
  const Statement probe{"select", {}};
  std::vector<ResultSet> results;
  const DbStatus status = run({}, {&probe, 1}, results);
  if (status == DbStatus::sql_error) failure = std::move(results.front());
  rollback();
  return status == DbStatus::ok ? DbStatus::unavailable : status;
}

void LoopTransaction::rollback() {
  forget_later();
  if (lease_ == nullptr) return;
  if (has_begun_ && lease_->connection.is_ready()) lease_->connection.submit_command("rollback");
  end();
}

void LoopTransaction::end() {
  Lease& lease = *std::exchange(lease_, nullptr);
  database_->counters().transactions.add(-1);
  // A cancel request on its way could hit the next one's statement.
  if (is_unsettled_) {
    database_->leases().retire(lease);
  } else {
    database_->leases().give_back(lease);
  }
}

namespace {

class PortableTransaction final : public Transaction {
 public:
  explicit PortableTransaction(std::shared_ptr<LoopTransaction> transaction)
      : transaction_(std::move(transaction)) {}
  ~PortableTransaction() override { rollback(); }

  DbStatus run(const StatementContext& context, std::span<const Statement> statements,
               std::vector<ResultSet>& results) override {
    if (is_at_home()) return transaction_->run(context, statements, results);
    auto call = std::make_shared<RemoteRun>(context, statements);
    const DbStatus status =
        call_remotely(transaction_->database(), [call, transaction = transaction_] {
          return transaction->run(call->context(), call->statements(), call->results);
        });
    if (status == DbStatus::ok || status == DbStatus::sql_error) {
      results = std::move(call->results);
    }
    return status;
  }

  // One fiber uses a transaction, so that nobody else looks at the list meanwhile.
  bool run_later(const StatementContext& context, std::span<const Statement> statements) override {
    return transaction_->run_later(context, statements);
  }
  bool run_row_later(const StatementContext& context, const Statement& row) override {
    return transaction_->run_row_later(context, row);
  }

  DbStatus commit(ResultSet& failure) override {
    if (is_at_home()) return transaction_->commit(failure);
    auto refused = std::make_shared<ResultSet>();
    const DbStatus status = call_remotely(
        transaction_->database(),
        [refused, transaction = transaction_] { return transaction->commit(*refused); });
    if (status == DbStatus::sql_error) failure = std::move(*refused);
    return status;
  }

  void rollback() override {
    EventLoop& loop = transaction_->database().loop();
    if (EventLoop::current() == &loop) return transaction_->rollback();
    loop.post([transaction = transaction_] { transaction->rollback(); });
  }

 private:
  bool is_at_home() { return transaction_->database().is_own_fiber(); }

  std::shared_ptr<LoopTransaction> transaction_;
};

}  // namespace

std::unique_ptr<Transaction> make_transaction(std::shared_ptr<LoopTransaction> transaction) {
  return std::make_unique<PortableTransaction>(std::move(transaction));
}

}  // namespace calixo::host
