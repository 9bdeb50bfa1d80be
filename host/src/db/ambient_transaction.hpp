// One transaction around everything that one fiber (or worker thread) asks of the database: single
// runs and transactions of their own become savepoints of it. What fails there is undone alone, as
// it would be by itself; what succeeds takes effect with the whole.
// Used by the fiber or thread that made its Scope.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "db/database.hpp"

namespace calixo::host {

class AmbientTransaction {
 public:
  AmbientTransaction(std::unique_ptr<Transaction> whole, Isolation isolation);
  ~AmbientTransaction();
  AmbientTransaction(const AmbientTransaction&) = delete;
  AmbientTransaction& operator=(const AmbientTransaction&) = delete;

  // The one that the calling fiber or thread is in; nullptr: none. [any-thread]
  static AmbientTransaction* current();

  // While it lives, what the calling fiber or thread asks of any Database joins.
  class Scope {
   public:
    explicit Scope(AmbientTransaction& joined);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
  };

  // What Database::run and Database::begin are inside of a Scope. begin answers unavailable where
  // more isolation is asked for than the whole has: wanted() then tells what. [fiber, suspends]
  DbStatus run(const StatementContext& context, std::span<const Statement> statements,
               std::vector<ResultSet>& results);
  DbStatus begin(const TransactionOptions& options, std::unique_ptr<Transaction>& transaction);

  // The strongest isolation that was asked for.
  Isolation wanted() const { return wanted_; }

  // What has to wait for the commit; forgotten at a rollback.
  void after_commit(std::function<void()> work) { after_commit_.push_back(std::move(work)); }

  // Ends the whole: outside of the Scope. [fiber, suspends]
  DbStatus commit(ResultSet& failure);
  Transaction& whole() { return *whole_; }

 private:
  class Part;

  std::unique_ptr<Transaction> whole_;
  const Isolation isolation_;
  Isolation wanted_;
  std::size_t parts_ = 0;  // that there were: each has a savepoint of its own name
  std::vector<std::function<void()>> after_commit_;
};

}  // namespace calixo::host
