// Statements of a transaction that wait for its next flush.
#include "test_database.hpp"

namespace calixo::host::test {
namespace {

class DeferredStatements : public ::testing::Test {
 protected:
  DeferredStatements() {
    postgres.execute("create table t (n int primary key)");
    options.transactions_per_loop_max = 1;
  }
  std::string all() { return postgres.value("select string_agg(n::text, ',' order by n) from t"); }
  static bool later(Transaction& transaction, std::string_view sql) {
    const Statement statement{sql, {}};
    return transaction.run_later({}, {&statement, 1});
  }
  TestDatabase postgres;
  Loops loops{1};
  DatabaseOptions options = options_for(postgres);
};

TEST_F(DeferredStatements, RunInOrderBeforeTheNextOne) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_TRUE(later(*transaction, "insert into t values (1)"));
    EXPECT_TRUE(later(*transaction, "update t set n = n + 1"));
    EXPECT_EQ(query(*transaction, "select n from t").text(), "2");
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::ok);
  });
  EXPECT_EQ(all(), "2");
}

TEST_F(DeferredStatements, TravelWithTheCommit) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_TRUE(later(*transaction, "insert into t values (1)"));
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::ok);
  });
  EXPECT_EQ(all(), "1");
}

TEST_F(DeferredStatements, FailTheCommitTheyTravelWith) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "insert into t values (1)").status, DbStatus::ok);
    EXPECT_TRUE(later(*transaction, "insert into t values (1)"));
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::sql_error);
    EXPECT_EQ(failure.sqlstate(), "23505");
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);  // the connection is as good as new
    EXPECT_EQ(query(*transaction, "insert into t values (3)").status, DbStatus::ok);
    EXPECT_EQ(transaction->commit(failure), DbStatus::ok);
  });
  EXPECT_EQ(all(), "3");
}

TEST_F(DeferredStatements, FailTheStatementTheyTravelWith) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_TRUE(later(*transaction, "select 1/0"));
    EXPECT_EQ(query(*transaction, "select 1").sqlstate(), "22012");
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::sql_error);
  });
}

TEST_F(DeferredStatements, AreForgottenByARollback) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_TRUE(later(*transaction, "insert into t values (1)"));
    EXPECT_EQ(query(*transaction, "savepoint a").status, DbStatus::ok);
    EXPECT_TRUE(later(*transaction, "insert into t values (2)"));
    EXPECT_EQ(query(*transaction, "rollback to savepoint a").status, DbStatus::ok);
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::ok);
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_TRUE(later(*transaction, "insert into t values (3)"));
    transaction->rollback();
  });
  EXPECT_EQ(all(), "1");
}

TEST_F(DeferredStatements, AreLimited) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    for (int i = 0; i < 256; ++i) ASSERT_TRUE(later(*transaction, "select 1"));
    EXPECT_FALSE(later(*transaction, "select 1"));
    EXPECT_EQ(query(*transaction, "select 1").status, DbStatus::ok);
    EXPECT_TRUE(later(*transaction, "select 1"));
  });
}

TEST_F(DeferredStatements, AreUnavailableWithTheirConnection) {
  Database database(options, loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    const std::string pid = query(*transaction, "select pg_backend_pid()").text();
    EXPECT_TRUE(later(*transaction, "insert into t values (1)"));
    postgres.execute("select pg_terminate_backend(" + pid + ")");
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::unavailable);
  });
  EXPECT_EQ(all(), "null");
}

TEST_F(DeferredStatements, WorkFromAWorkerThread) {
  Database database(options, loops.list());
  std::unique_ptr<Transaction> transaction;
  ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
  EXPECT_TRUE(later(*transaction, "insert into t values (1)"));
  ResultSet failure;
  EXPECT_EQ(transaction->commit(failure), DbStatus::ok);
  EXPECT_EQ(all(), "1");
}

}  // namespace
}  // namespace calixo::host::test
