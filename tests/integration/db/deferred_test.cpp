// Statements of a transaction that wait for its next flush.
#include <array>
#include <optional>
#include <string>

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

class DeferredRows : public DeferredStatements {
 protected:
  DeferredRows() { postgres.execute("create table seen (what text, numbers int[], words text[])"); }
  // What ran, in order, each with the rows that it had.
  std::string seen() {
    return postgres.value(
        "select string_agg(concat_ws(' ', what, numbers, words), '; ' order by ctid) from seen");
  }
  static std::string note(std::string_view what) {
    return "insert into seen values ('" + std::string(what) + "', $1::int[], $2::text[])";
  }
  static bool row(Transaction& transaction, std::string_view sql, std::string_view number,
                  std::optional<std::string_view> word = "w") {
    const std::array<std::optional<std::string_view>, 2> values{number, word};
    return transaction.run_row_later({}, {sql, values});
  }
  // Commits what `give` gave.
  template <class Give>
  DbStatus committed(Give&& give) {
    Database database(options, loops.list());
    DbStatus status = DbStatus::unavailable;
    loops.run([&] {
      std::unique_ptr<Transaction> transaction;
      ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
      give(*transaction);
      ResultSet failure;
      status = transaction->commit(failure);
    });
    return status;
  }
};

TEST_F(DeferredRows, OfOneStatementRunAtOnceInTheOrderGiven) {
  const DbStatus status = committed([](Transaction& transaction) {
    const std::string a = note("a"), b = note("b");
    EXPECT_TRUE(row(transaction, a, "1", "x"));
    EXPECT_TRUE(row(transaction, b, "2", std::nullopt));
    EXPECT_TRUE(row(transaction, a, "3", "q\"u\\o,t{e}"));
    EXPECT_TRUE(row(transaction, a, "4", ""));
    EXPECT_TRUE(row(transaction, b, "5", "NULL"));
  });
  EXPECT_EQ(status, DbStatus::ok);
  EXPECT_EQ(seen(), R"(a {1,3,4} {x,"q\"u\\o,t{e}",""}; b {2,5} {NULL,"NULL"})");
}

TEST_F(DeferredRows, AreNotMovedBeforeAnotherStatement) {
  const DbStatus status = committed([](Transaction& transaction) {
    const std::string a = note("a");
    EXPECT_TRUE(row(transaction, a, "1"));
    EXPECT_TRUE(later(transaction, "insert into seen values ('between')"));
    EXPECT_TRUE(row(transaction, a, "2"));
    EXPECT_EQ(query(transaction, "select 1").status, DbStatus::ok);
    EXPECT_TRUE(row(transaction, a, "3"));
  });
  EXPECT_EQ(status, DbStatus::ok);
  EXPECT_EQ(seen(), "a {1} {w}; between; a {2} {w}; a {3} {w}");
}

TEST_F(DeferredRows, OfAnotherRoleAreAnotherStatement) {
  const DbStatus status = committed([](Transaction& transaction) {
    const std::string a = note("a");
    const std::array<std::optional<std::string_view>, 2> values{"2", "w"};
    EXPECT_TRUE(row(transaction, a, "1"));
    EXPECT_TRUE(transaction.run_row_later({{}, R"({"role":"anon"})"}, {a, values}));
  });
  EXPECT_EQ(status, DbStatus::ok);
  EXPECT_EQ(seen(), "a {1} {w}; a {2} {w}");
}

TEST_F(DeferredRows, FailTheCommitAllTogether) {
  const DbStatus status = committed([](Transaction& transaction) {
    EXPECT_TRUE(row(transaction, note("a"), "1"));
    EXPECT_TRUE(row(transaction, note("a"), "no number"));
  });
  EXPECT_EQ(status, DbStatus::sql_error);
  EXPECT_EQ(seen(), "null");
}

TEST_F(DeferredRows, AreLimited) {
  const DbStatus status = committed([](Transaction& transaction) {
    const std::string a = note("a");
    for (int i = 0; i < 1024; ++i) ASSERT_TRUE(row(transaction, a, "1"));
    EXPECT_FALSE(row(transaction, a, "1"));
    EXPECT_EQ(query(transaction, "select 1").status, DbStatus::ok);
    for (int i = 0; i < 256; ++i) ASSERT_TRUE(row(transaction, note(std::to_string(i)), "1"));
    EXPECT_FALSE(row(transaction, note("one too many"), "1"));
    EXPECT_TRUE(row(transaction, note("0"), "1"));
  });
  EXPECT_EQ(status, DbStatus::ok);
}

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
