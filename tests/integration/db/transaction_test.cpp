// Transactions on leased connections.
#include "test_database.hpp"

namespace calixo::host::test {
namespace {

class Transactions : public ::testing::Test {
 protected:
  Transactions() {
    postgres.execute("create table t (n int primary key)");
    options.transactions_per_loop_max = 2;
  }
  std::string count() { return postgres.value("select count(*) from t"); }
  TestDatabase postgres;
  Loops loops{2};
  DatabaseOptions options = options_for(postgres);
};

TEST_F(Transactions, TakeEffectAtCommit) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "insert into t values (1)").status, DbStatus::ok);
    EXPECT_EQ(query(database, "select count(*) from t").text(), "0");
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::ok);
    EXPECT_EQ(query(database, "select count(*) from t").text(), "1");
  });
}

TEST_F(Transactions, LeaveNothingWhenDestroyed) {
  options.transactions_per_loop_max = 1;
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "insert into t values (1)").status, DbStatus::ok);
    transaction.reset();
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "select count(*) from t").text(), "0");
  });
  EXPECT_EQ(count(), "0");
}

TEST_F(Transactions, CommitWithoutAStatementIsNothing) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::ok);
    EXPECT_EQ(transaction->commit(failure), DbStatus::unavailable);
  });
}

TEST_F(Transactions, RefuseToCommitAfterAFailure) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "insert into t values (1)").status, DbStatus::ok);
    EXPECT_EQ(query(*transaction, "select 1/0").sqlstate(), "22012");
    EXPECT_EQ(query(*transaction, "select 1").sqlstate(), "25P02");
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::sql_error);
    EXPECT_EQ(failure.sqlstate(), "25P02");
  });
  EXPECT_EQ(count(), "0");
}

TEST_F(Transactions, GoOnAfterARollbackToASavepoint) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "insert into t values (1)").status, DbStatus::ok);
    EXPECT_EQ(query(*transaction, "savepoint a").status, DbStatus::ok);
    EXPECT_EQ(query(*transaction, "select 1/0").sqlstate(), "22012");
    EXPECT_EQ(query(*transaction, "rollback to savepoint a").status, DbStatus::ok);
    EXPECT_EQ(query(*transaction, "insert into t values (2)").status, DbStatus::ok);
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::ok);
  });
  EXPECT_EQ(count(), "2");
}

TEST_F(Transactions, TellOfADeferredConstraintAtCommit) {
  postgres.execute("create table child (n int references t (n) deferrable initially deferred)");
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "insert into child values (9)").status, DbStatus::ok);
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::sql_error);
    EXPECT_EQ(failure.sqlstate(), "23503");
  });
}

TEST_F(Transactions, SurfaceSerializationFailures) {
  postgres.execute("insert into t values (1)");
  Database database(options, loops.list());
  loops.run([&] {
    const TransactionOptions serializable{Isolation::serializable, false};
    std::unique_ptr<Transaction> first;
    std::unique_ptr<Transaction> second;
    ASSERT_EQ(database.begin(serializable, first), DbStatus::ok);
    ASSERT_EQ(database.begin(serializable, second), DbStatus::ok);
    EXPECT_EQ(query(*first, "select sum(n) from t").status, DbStatus::ok);
    EXPECT_EQ(query(*second, "update t set n = n + 1").status, DbStatus::ok);
    ResultSet failure;
    EXPECT_EQ(second->commit(failure), DbStatus::ok);
    EXPECT_EQ(query(*first, "update t set n = n + 1").sqlstate(), "40001");
  });
}

TEST_F(Transactions, KeepReadOnlyOnesFromWriting) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({Isolation::repeatable_read, true}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "insert into t values (1)").sqlstate(), "25006");
  });
}

TEST_F(Transactions, WaitForALeaseInTurnAndThenAreOverloaded) {
  options.transactions_per_loop_max = 1;
  options.wait_queue_length_max = 1;
  Database database(options, loops.list());
  std::unique_ptr<Transaction> first;
  loops.run([&] { ASSERT_EQ(database.begin({}, first), DbStatus::ok); });
  std::unique_ptr<Transaction> second;
  DbStatus second_status = DbStatus::cancelled;
  auto waiting = loops.start([&] { second_status = database.begin({}, second); });
  ASSERT_TRUE(eventually([&] { return database.stats().waiting == 1; }));
  loops.run([&] {
    std::unique_ptr<Transaction> third;
    EXPECT_EQ(database.begin({}, third), DbStatus::overloaded);
    first.reset();
  });
  waiting.get();
  EXPECT_EQ(second_status, DbStatus::ok);
  loops.run([&] { second.reset(); });
  EXPECT_TRUE(eventually([&] { return database.stats().transactions == 0; }));
}

TEST_F(Transactions, GiveTheLeaseBackWhenTheWaiterLeft) {
  options.transactions_per_loop_max = 1;
  Database database(options, loops.list());
  std::unique_ptr<Transaction> first;
  loops.run([&] { ASSERT_EQ(database.begin({}, first), DbStatus::ok); });
  loops.run([&] {
    Fiber::current()->set_deadline(Deadline::in(std::chrono::milliseconds(30)));
    std::unique_ptr<Transaction> second;
    EXPECT_EQ(database.begin({}, second), DbStatus::timed_out);
  });
  loops.run([&] {
    first.reset();
    EXPECT_EQ(database.begin({}, first), DbStatus::ok);
    first.reset();
  });
}

TEST_F(Transactions, CancelTheStatementOfAWaiterThatLeft) {
  options.transactions_per_loop_max = 1;
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "insert into t values (1)").status, DbStatus::ok);
    Fiber::current()->set_deadline(Deadline::in(std::chrono::milliseconds(50)));
    EXPECT_EQ(query(*transaction, "select pg_sleep(60)").status, DbStatus::timed_out);
  });
  EXPECT_TRUE(eventually([&] {
    return postgres.value(
               "select count(*) from pg_stat_activity where query like '%pg_sleep(60)'"
               " and state = 'active' and pid <> pg_backend_pid()") == "0";
  }));
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    EXPECT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "select count(*) from t").text(), "0");
  });
}

TEST_F(Transactions, CommitEvenWhereTheFiberIsCancelled) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "insert into t values (1)").status, DbStatus::ok);
    Fiber::current()->cancel();
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::ok);
  });
  EXPECT_EQ(count(), "1");
}

TEST_F(Transactions, WorkFromAWorkerThread) {
  Database database(options, loops.list());
  std::unique_ptr<Transaction> transaction;
  ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
  EXPECT_EQ(query(*transaction, "insert into t values ($1)", {"5"}).status, DbStatus::ok);
  EXPECT_EQ(query(*transaction, "insert into t values ($1)", {"5"}).sqlstate(), "23505");
  transaction.reset();
  ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
  EXPECT_EQ(query(*transaction, "insert into t values ($1)", {"6"}).status, DbStatus::ok);
  ResultSet failure;
  EXPECT_EQ(transaction->commit(failure), DbStatus::ok);
  EXPECT_EQ(query(database, "select n from t").text(), "6");
}

TEST_F(Transactions, AreUnavailableAfterTheirConnectionBroke) {
  Database database(options, loops.list());
  std::unique_ptr<Transaction> transaction;
  std::string pid;
  loops.run([&] {
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    pid = query(*transaction, "select pg_backend_pid()").text();
  });
  postgres.execute("select pg_terminate_backend(" + pid + ")");
  loops.run([&] {
    EXPECT_EQ(query(*transaction, "select 1").status, DbStatus::unavailable);
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::unavailable);
    EXPECT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "select 1").text(), "1");
    transaction.reset();
  });
}

}  // namespace
}  // namespace calixo::host::test
