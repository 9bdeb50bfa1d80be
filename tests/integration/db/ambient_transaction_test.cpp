// One transaction around what a fiber asks of the database.
#include "db/ambient_transaction.hpp"

#include "test_database.hpp"

namespace calixo::host::test {
namespace {

class AmbientTransactions : public ::testing::Test {
 protected:
  AmbientTransactions() { postgres.execute("create table t (n int primary key)"); }
  std::string all() { return postgres.value("select string_agg(n::text, ',' order by n) from t"); }

  std::unique_ptr<AmbientTransaction> begin(Database& database) {
    std::unique_ptr<Transaction> whole;
    EXPECT_EQ(database.begin({}, whole), DbStatus::ok);
    return std::make_unique<AmbientTransaction>(std::move(whole), Isolation::read_committed);
  }

  TestDatabase postgres;
  Loops loops{2};
  DatabaseOptions options = options_for(postgres);
};

TEST_F(AmbientTransactions, TakeInWhatTheFiberRunsAndCommitItAsOne) {
  Database database(options, loops.list());
  loops.run([&] {
    const auto ambient = begin(database);
    {
      const AmbientTransaction::Scope scope(*ambient);
      EXPECT_EQ(query(database, "insert into t values (1)").status, DbStatus::ok);
      std::unique_ptr<Transaction> part;
      ASSERT_EQ(database.begin({}, part), DbStatus::ok);
      EXPECT_EQ(query(*part, "insert into t values (2)").status, DbStatus::ok);
      ResultSet failure;
      EXPECT_EQ(part->commit(failure), DbStatus::ok);
    }
    EXPECT_EQ(all(), "null");
    ResultSet failure;
    EXPECT_EQ(ambient->commit(failure), DbStatus::ok);
  });
  EXPECT_EQ(all(), "1,2");
}

TEST_F(AmbientTransactions, UndoAloneWhatFailsOrIsRolledBack) {
  Database database(options, loops.list());
  loops.run([&] {
    const auto ambient = begin(database);
    {
      const AmbientTransaction::Scope scope(*ambient);
      EXPECT_EQ(query(database, "insert into t values (1)").status, DbStatus::ok);
      EXPECT_EQ(query(database, "insert into t values (1)").sqlstate(), "23505");
      std::unique_ptr<Transaction> part;
      ASSERT_EQ(database.begin({}, part), DbStatus::ok);
      EXPECT_EQ(query(*part, "insert into t values (2)").status, DbStatus::ok);
      EXPECT_EQ(query(*part, "select 1/0").sqlstate(), "22012");
      part.reset();
      ASSERT_EQ(database.begin({}, part), DbStatus::ok);
      EXPECT_EQ(query(*part, "insert into t values (3)").status, DbStatus::ok);
      part.reset();
      EXPECT_EQ(query(database, "insert into t values (4)").status, DbStatus::ok);
    }
    ResultSet failure;
    EXPECT_EQ(ambient->commit(failure), DbStatus::ok);
  });
  EXPECT_EQ(all(), "1,4");
}

TEST_F(AmbientTransactions, UndoDeferredStatementsWithTheirPart) {
  Database database(options, loops.list());
  loops.run([&] {
    const auto ambient = begin(database);
    {
      const AmbientTransaction::Scope scope(*ambient);
      const Statement insert{"insert into t values (1)", {}};
      const Statement broken{"select 1/0", {}};
      std::unique_ptr<Transaction> part;
      ASSERT_EQ(database.begin({}, part), DbStatus::ok);
      EXPECT_TRUE(part->run_later({}, {&insert, 1}));
      EXPECT_TRUE(part->run_later({}, {&broken, 1}));
      ResultSet failure;
      EXPECT_EQ(part->commit(failure), DbStatus::sql_error);
      EXPECT_EQ(failure.sqlstate(), "22012");
      part.reset();
      ASSERT_EQ(database.begin({}, part), DbStatus::ok);
      EXPECT_TRUE(part->run_later({}, {&insert, 1}));
      part.reset();
      EXPECT_EQ(query(database, "select count(*) from t").text(), "0");
    }
    ResultSet failure;
    EXPECT_EQ(ambient->commit(failure), DbStatus::ok);
  });
  EXPECT_EQ(all(), "null");
}

TEST_F(AmbientTransactions, LeaveOtherFibersAlone) {
  Database database(options, loops.list());
  loops.run([&] {
    const auto ambient = begin(database);
    const AmbientTransaction::Scope scope(*ambient);
    EXPECT_EQ(query(database, "insert into t values (1)").status, DbStatus::ok);
    Completion done;
    EventLoop::current()->spawn([&database, handle = done.handle()] {
      EXPECT_EQ(AmbientTransaction::current(), nullptr);
      EXPECT_EQ(query(database, "select count(*) from t").text(), "0");
      handle.complete();
    });
    EXPECT_EQ(done.wait(), WaitStatus::ready);
  });
  EXPECT_EQ(all(), "null");
}

TEST_F(AmbientTransactions, RunWhatWaitsForTheCommitAfterIt) {
  Database database(options, loops.list());
  loops.run([&] {
    int told = 0;
    {
      const auto given_up = begin(database);
      given_up->after_commit([&] { told += 100; });
    }
    const auto ambient = begin(database);
    ambient->after_commit([&] { ++told; });
    EXPECT_EQ(told, 0);
    ResultSet failure;
    EXPECT_EQ(ambient->commit(failure), DbStatus::ok);
    EXPECT_EQ(told, 1);
  });
}

TEST_F(AmbientTransactions, TellThatMoreIsolationIsWanted) {
  Database database(options, loops.list());
  loops.run([&] {
    const auto ambient = begin(database);
    const AmbientTransaction::Scope scope(*ambient);
    std::unique_ptr<Transaction> part;
    EXPECT_EQ(database.begin({Isolation::serializable, false}, part), DbStatus::unavailable);
    EXPECT_EQ(ambient->wanted(), Isolation::serializable);
  });
}

TEST_F(AmbientTransactions, WorkOnAWorkerThread) {
  Database database(options, loops.list());
  const auto ambient = begin(database);
  {
    const AmbientTransaction::Scope scope(*ambient);
    EXPECT_EQ(query(database, "insert into t values (1)").status, DbStatus::ok);
  }
  EXPECT_EQ(all(), "null");
  ResultSet failure;
  EXPECT_EQ(ambient->commit(failure), DbStatus::ok);
  EXPECT_EQ(all(), "1");
}

}  // namespace
}  // namespace calixo::host::test
