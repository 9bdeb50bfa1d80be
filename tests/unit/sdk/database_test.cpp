// Statements, rows and transactions on a scripted database.
#include <gtest/gtest.h>
#include <calixo/testing/fake_host.hpp>

namespace calixo::test {
namespace {

using testing::Answer;
using testing::FakeHost;
using testing::Statement;

enum class Level { low, high };
BOOST_DESCRIBE_ENUM(Level, low, high)
struct Detail {
  int depth;
};
BOOST_DESCRIBE_STRUCT(Detail, (), (depth))
struct Record {
  std::int64_t id;
  std::string name;
  std::optional<double> ratio;
  bool on;
  Timestamp at;
  std::vector<std::string> tags;
  Level level;
  Detail detail;
  int missing = 9;
};
BOOST_DESCRIBE_STRUCT(Record, (), (id, name, ratio, on, at, tags, level, detail, missing))

class DatabaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    host.load([](Plugin&) {});
  }
  void TearDown() override {
    EXPECT_EQ(host.db.results_open, 0);
    EXPECT_EQ(host.db.open_transactions(), 0);
  }
  Database db() { return host.plugin().service_db(); }

  FakeHost host;
};

Answer record_answer() {
  Answer answer;
  answer.columns = {"name", "id", "ratio", "on", "at", "tags", "level", "detail"};
  answer.rows = {
      {"a", "1", "0.5", "t", "2026-01-02 03:04:05.5+00", "{x,\"y \\\"z\\\"\",\"\"}", "high",
       "{\"depth\": 2}"},
      {"b", "2", std::nullopt, "f", "2026-01-02 03:04:05+05:30", "{}", "low", "{\"depth\":3}"}};
  return answer;
}

TEST_F(DatabaseTest, MapsRowsByMemberName) {
  host.db.on_statement = [](const Statement&) { return record_answer(); };
  const std::vector<Record> all = db().query("select").as<Record>();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].id, 1);
  EXPECT_EQ(all[0].ratio, 0.5);
  EXPECT_TRUE(all[0].on);
  EXPECT_EQ(all[0].at.text(), "2026-01-02T03:04:05.5Z");
  EXPECT_EQ(all[0].tags, (std::vector<std::string>{"x", "y \"z\"", ""}));
  EXPECT_EQ(all[0].level, Level::high);
  EXPECT_EQ(all[0].detail.depth, 2);
  EXPECT_EQ(all[1].at.text(), "2026-01-01T21:34:05Z");
  EXPECT_FALSE(all[1].ratio);
  EXPECT_EQ(all[1].missing, 9);
}

TEST_F(DatabaseTest, ReadsSingleValues) {
  host.db.on_statement = [](const Statement&) { return record_answer(); };
  const Rows rows = db().query("select");
  EXPECT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].get<std::int64_t>("id"), 2);
  EXPECT_EQ(rows[1].get<std::optional<double>>("ratio"), std::nullopt);
  EXPECT_EQ(rows[0].get<std::string_view>("name"), "a");
  EXPECT_EQ(rows[0].get<Json>("detail").at("depth").as_int64(), 2);
  EXPECT_THROW(rows[0].get<int>("nothing"), std::logic_error);
  EXPECT_THROW(rows[0].get<int>("name"), std::logic_error);
  EXPECT_THROW(rows[1].get<double>("ratio"), std::logic_error);
  EXPECT_THROW(rows[2], std::out_of_range);
  int seen = 0;
  for (const Row row : rows) seen += row.get<int>("id");
  EXPECT_EQ(seen, 3);
  EXPECT_EQ(rows.first<Record>()->name, "a");
  EXPECT_FALSE(Rows().first<Record>());
}

TEST_F(DatabaseTest, EncodesEveryKindOfArgument) {
  db().execute("insert", 1, -2.5, true, "text", std::string(), std::optional<int>(), std::nullopt,
               Timestamp::from_unix_s(0), std::vector<std::string>{"a", "b\"\\", ""},
               std::vector<std::int64_t>{1, 2}, Json{{"x", 1}}, Level::high, Detail{4},
               std::optional<std::string>("v"), std::vector<Detail>{{1}});
  const std::vector<std::optional<std::string>> expected{"1",
                                                         "-2.5",
                                                         "t",
                                                         "text",
                                                         "",
                                                         std::nullopt,
                                                         std::nullopt,
                                                         "1970-01-01T00:00:00Z",
                                                         "{\"a\",\"b\\\"\\\\\",\"\"}",
                                                         "{\"1\",\"2\"}",
                                                         "{\"x\":1}",
                                                         "high",
                                                         "{\"depth\":4}",
                                                         "v",
                                                         "[{\"depth\":1}]"};
  EXPECT_EQ(host.db.statements.at(0).parameters, expected);
  EXPECT_TRUE(host.db.statements.at(0).is_as_service);
}

TEST_F(DatabaseTest, TextsWithNulAreRefusedBeforeTheyAreCut) {
  EXPECT_THROW(db().execute("insert", std::string("a\0b", 3)), Problem);
  EXPECT_TRUE(host.db.statements.empty());
}

TEST_F(DatabaseTest, FailureSaysWhy) {
  host.db.on_statement = [](const Statement&) {
    return Answer::failure("23505", "users_email_key");
  };
  try {
    db().query("insert");
    FAIL();
  } catch (const DbError& error) {
    EXPECT_TRUE(error.is_unique_violation());
    EXPECT_EQ(error.constraint(), "users_email_key");
  }
}

TEST_F(DatabaseTest, BatchIsOneRunAndNamesTheFailedStatement) {
  host.db.on_statement = [](const Statement& statement) {
    return statement.sql == "bad" ? Answer::failure("23503") : Answer::wrote(2);
  };
  auto results = db().batch().add("one", 1).add("two", std::string("temporary")).run();
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[1].affected(), 2);
  EXPECT_EQ(host.db.statements.at(1).parameters.at(0), "temporary");
  EXPECT_THROW(db().batch().add("one").add("bad").add("three").run(), DbError);
  EXPECT_TRUE(db().batch().run().empty());
}

TEST_F(DatabaseTest, TransactionCommitsAndAnswersItsBody) {
  const int answer = host.plugin().service_transaction(
      [](Transaction& tx) { return static_cast<int>(tx.execute("update")) + 5; },
      {.isolation = Isolation::serializable, .is_read_only = true});
  EXPECT_EQ(answer, 5);
  EXPECT_EQ(host.db.committed, 1);
  EXPECT_EQ(host.db.options, CALIXO_TX_SERIALIZABLE | CALIXO_TX_READ_ONLY);
  EXPECT_TRUE(host.db.statements.at(0).is_in_transaction);
}

TEST_F(DatabaseTest, TransactionRollsBackOnEveryException) {
  EXPECT_THROW(host.plugin().service_transaction([](Transaction&) { throw 1; }), int);
  EXPECT_THROW(host.plugin().service_transaction([](Transaction&) { throw Problem(409, "x"); }),
               Problem);
  EXPECT_EQ(host.db.rolled_back, 2);
  EXPECT_EQ(host.db.committed, 0);
}

TEST_F(DatabaseTest, TransactionRunsAgainAfterSerializationFailureAndDeadlock) {
  int runs = 0;
  host.db.on_statement = [&](const Statement&) {
    ++runs;
    return runs == 1 ? Answer::failure("40001") : runs == 2 ? Answer::failure("40P01") : Answer();
  };
  host.plugin().service_transaction([](Transaction& tx) { tx.execute("update"); });
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(host.db.committed, 1);
  EXPECT_EQ(host.db.rolled_back, 2);
  ASSERT_EQ(host.slept_ms.size(), 2u);
  EXPECT_LE(host.slept_ms[1], 20u);
}

TEST_F(DatabaseTest, TransactionGivesUpAfterItsAttempts) {
  int runs = 0;
  host.db.on_commit = [&] {
    ++runs;
    return Answer::failure("40001");
  };
  EXPECT_THROW(host.plugin().service_transaction([](Transaction& tx) { tx.execute("u"); }),
               DbError);
  EXPECT_EQ(runs, 3);
}

TEST_F(DatabaseTest, TransactionDoesNotRunAgainForOtherFailures) {
  host.db.on_statement = [](const Statement&) { return Answer::failure("23514"); };
  EXPECT_THROW(host.plugin().service_transaction([](Transaction& tx) { tx.execute("u"); }),
               DbError);
  host.db.on_statement = [](const Statement&) { return Answer::away(); };
  EXPECT_THROW(host.plugin().service_transaction([](Transaction& tx) { tx.execute("u"); }),
               DbError);
  EXPECT_EQ(host.db.begun, 2);
  EXPECT_TRUE(host.slept_ms.empty());
}

TEST_F(DatabaseTest, CommitThatFailsIsAnError) {
  host.db.on_commit = [] { return Answer::failure("23503", "fk"); };
  try {
    host.plugin().service_transaction([](Transaction& tx) { tx.execute("u"); });
    FAIL();
  } catch (const DbError& error) {
    EXPECT_TRUE(error.is_foreign_key_violation());
  }
}

TEST_F(DatabaseTest, TransactionWithASwallowedFailureDoesNotCommit) {
  host.db.on_statement = [](const Statement&) { return Answer::failure("23505"); };
  const auto swallow = [](Transaction& tx) {
    try {
      tx.execute("insert");
    } catch (const DbError&) {
    }
  };
  EXPECT_THROW(host.plugin().service_transaction(swallow), DbError);
  EXPECT_EQ(host.db.committed, 0);
}

TEST_F(DatabaseTest, SavepointUndoesItsBodyAlone) {
  host.db.on_statement = [](const Statement& statement) {
    return statement.sql == "insert" ? Answer::failure("23505") : Answer();
  };
  host.plugin().service_transaction([](Transaction& tx) {
    try {
      tx.savepoint([&] { tx.execute("insert"); });
    } catch (const DbError&) {
    }
    tx.execute("after");
  });
  EXPECT_EQ(host.db.committed, 1);
  EXPECT_EQ(host.db.statements.at(2).sql, "rollback to savepoint calixo_savepoint");
}

TEST_F(DatabaseTest, CancelledWaitBeforeARetryEndsTheTransaction) {
  host.db.on_statement = [](const Statement&) { return Answer::failure("40001"); };
  host.wait_status = CALIXO_CANCELLED;
  EXPECT_THROW(host.plugin().service_transaction([](Transaction& tx) { tx.execute("u"); }),
               HostFailure);
  EXPECT_EQ(host.db.begun, 1);
}

}  // namespace
}  // namespace calixo::test
