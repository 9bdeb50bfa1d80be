// Database::run on a real PostgreSQL: isolation of runs from each other, contexts, parameters.
#include "test_database.hpp"

namespace calixo::host::test {
namespace {

class DatabaseRun : public ::testing::Test {
 protected:
  TestDatabase postgres;
  Loops loops;
  Database database{options_for(postgres), loops.list()};
};

TEST_F(DatabaseRun, AnswersAStatementWithItsParameters) {
  loops.run([&] {
    const Answer answer =
        query(database, "select $1::int + 1, $2::text, $3::text", {"41", "a'b", std::nullopt});
    ASSERT_EQ(answer.status, DbStatus::ok);
    EXPECT_EQ(answer.text(), "42");
    EXPECT_EQ(answer.text(0, 1), "a'b");
    EXPECT_EQ(answer.results[0].value(0, 2), std::nullopt);
  });
}

TEST_F(DatabaseRun, KeepsASyntaxErrorFromItsNeighboursInThePipeline) {
  loops.run([&] {
    int right = 0;
    int wrong = 0;
    int left = 300;
    Completion all;
    const Completion::Handle done = all.handle();
    for (int i = 0; i < 300; ++i) {
      loops[0].spawn([&, i, done] {
        if (i % 3 == 0) {
          const Answer answer = query(database, "select from where");
          if (answer.status == DbStatus::sql_error && answer.sqlstate() == "42601") ++wrong;
        } else {
          const std::string number = std::to_string(i);
          const Answer answer = query(database, "select $1::text", {number});
          if (answer.status == DbStatus::ok && answer.text() == number) ++right;
        }
        if (--left == 0) done.complete();
      });
    }
    all.wait();
    EXPECT_EQ(wrong, 100);
    EXPECT_EQ(right, 200);
  });
}

TEST_F(DatabaseRun, AppliesAllStatementsOfARunOrNone) {
  postgres.execute("create table t (n int primary key)");
  loops.run([&] {
    const std::vector<Statement> statements{
        {"insert into t values (1)", {}}, {"insert into t values (1)", {}}, {"select 3", {}}};
    std::vector<ResultSet> results;
    EXPECT_EQ(database.run({}, statements, results), DbStatus::sql_error);
    ASSERT_EQ(results.size(), 3u);
    EXPECT_EQ(results[0].affected_rows(), 1);
    EXPECT_EQ(results[1].sqlstate(), "23505");
    EXPECT_EQ(results[1].constraint(), "t_pkey");
    EXPECT_TRUE(results[2].empty());
    EXPECT_EQ(query(database, "select count(*) from t").text(), "0");
  });
}

}  // namespace
}  // namespace calixo::host::test
