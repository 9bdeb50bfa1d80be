// Prepared statements of a connection: bounded, made anew where they went stale, never left
// half made by a failure; and the commands that a shared connection refuses.
#include "test_database.hpp"

namespace calixo::host::test {
namespace {

class PreparedStatements : public ::testing::Test {
 protected:
  PreparedStatements() {
    options.pipelines_per_loop = 1;
    options.prepared_statements_max = 20;
  }
  std::string prepared_count(Database& database) {
    return query(database,
                 "select count(*) from pg_prepared_statements where name like 'c_%'"
                 " and name <> 'context'")
        .text();
  }
  TestDatabase postgres;
  Loops loops;
  DatabaseOptions options = options_for(postgres);
};

TEST_F(PreparedStatements, StayBelowTheirBoundOnTheServer) {
  Database database(options, loops.list());
  loops.run([&] {
    for (int i = 0; i < 200; ++i) {
      const std::string number = std::to_string(i);
      ASSERT_EQ(query(database, "select " + number).text(), number);
    }
    // Closed ones are deallocated sixteen at a time.
    EXPECT_LE(std::stoi(prepared_count(database)), 20 + 16);
  });
}

TEST_F(PreparedStatements, AreForgottenWhenTheirParseFails) {
  Database database(options, loops.list());
  const std::string sql = "select n from later";
  loops.run([&] { EXPECT_EQ(query(database, sql).sqlstate(), "42P01"); });
  postgres.execute("create table later (n int); insert into later values (7)");
  loops.run([&] { EXPECT_EQ(query(database, sql).text(), "7"); });
}

TEST_F(PreparedStatements, AreForgottenWhenTheRunFailedBeforeTheirParse) {
  Database database(options, loops.list());
  loops.run([&] {
    const std::vector<Statement> statements{{"select 1/0", {}}, {"select 5", {}}};
    std::vector<ResultSet> results;
    EXPECT_EQ(database.run({}, statements, results), DbStatus::sql_error);
    EXPECT_EQ(query(database, "select 5").text(), "5");
  });
}

TEST_F(PreparedStatements, AreSafeForARunThatFollowsAFailingParse) {
  Database database(options, loops.list());
  loops.run([&] {
    int right = 0;
    int left = 2;
    Completion all;
    const Completion::Handle done = all.handle();
    loops[0].spawn([&, done] {  // its failure skips the Parse of the second statement
      const std::vector<Statement> statements{{"select 1/0", {}}, {"select 6", {}}};
      std::vector<ResultSet> results;
      if (database.run({}, statements, results) == DbStatus::sql_error) ++right;
      if (--left == 0) done.complete();
    });
    loops[0].spawn([&, done] {  // sent while that Parse is unanswered
      if (query(database, "select 6").text() == "6") ++right;
      if (--left == 0) done.complete();
    });
    all.wait();
    EXPECT_EQ(right, 2);
  });
}

TEST_F(PreparedStatements, AreMadeAnewWhenTheTableChanged) {
  postgres.execute("create table t (a int); insert into t values (1)");
  Database database(options, loops.list());
  loops.run([&] { EXPECT_EQ(query(database, "select * from t").results[0].column_count(), 1u); });
  postgres.execute("alter table t add column b int default 2");
  loops.run([&] {
    const Answer answer = query(database, "select * from t");
    EXPECT_EQ(answer.status, DbStatus::ok);
    EXPECT_EQ(answer.text(0, 1), "2");
  });
}

TEST_F(PreparedStatements, ServeTheNextTransactionAfterGoingStaleInOne) {
  postgres.execute("create table t (a int); insert into t values (1)");
  options.transactions_per_loop_max = 1;
  Database database(options, loops.list());
  const auto read = [&](std::string& state) {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    state = query(*transaction, "select * from t").sqlstate();
  };
  std::string state;
  loops.run([&] { read(state); });
  EXPECT_EQ(state, "");
  postgres.execute("alter table t add column b int default 2");
  loops.run([&] { read(state); });
  EXPECT_EQ(state, "0A000");
  loops.run([&] { read(state); });
  EXPECT_EQ(state, "");
}

TEST_F(PreparedStatements, RefuseCommandsThatWouldOutliveTheirRun) {
  Database database(options, loops.list());
  loops.run([&] {
    for (const char* sql : {"begin", "  COMMIT", "/* x */ rollback", "-- x\nset role postgres",
                            "set search_path = auth", "discard all", "copy t from stdin",
                            "listen x", "reset role", "set local role none"}) {
      EXPECT_EQ(query(database, sql).sqlstate(), "0A000") << sql;
    }
    EXPECT_EQ(query(database, "set local work_mem = '8MB'").status, DbStatus::ok);
    EXPECT_EQ(query(database, "select 1").text(), "1");
  });
}

TEST_F(PreparedStatements, RefuseNulBytesInsteadOfCuttingThere) {
  Database database(options, loops.list());
  loops.run([&] {
    const std::string_view cut("a\0b", 3);
    EXPECT_EQ(query(database, "select $1::text", {cut}).sqlstate(), "22021");
    EXPECT_EQ(query(database, std::string_view("select 1\0", 9)).sqlstate(), "22021");
    EXPECT_EQ(query(database, "select $1::text", {""}).text(), "");
  });
}

TEST_F(PreparedStatements, TakeOneStatementAtATime) {
  Database database(options, loops.list());
  loops.run([&] { EXPECT_EQ(query(database, "select 1; select 2").sqlstate(), "42601"); });
}

}  // namespace
}  // namespace calixo::host::test
