// Reports against a real PostgreSQL.
#include "cli/report_session.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>

namespace calixo::host {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string server_url() {
  const char* const url = std::getenv("CALIXO_TEST_DATABASE_URL");
  return url == nullptr ? "" : url;
}

// A database of this test's own, and a login role of the same name with a password.
class ReportSessionTest : public testing::Test {
 protected:
  ReportSessionTest() : server_(server_url()) {
    static std::atomic<int> count = 0;
    name_ = "report_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
    server_.execute("create database " + name_);
  }
  ~ReportSessionTest() override { server_.execute("drop database " + name_ + " with (force)"); }

  std::string url() const { return server_url() + " dbname=" + name_; }

  ReportSession server_;
  std::string name_;
};

TEST_F(ReportSessionTest, FillsATableWithTheQuerysNamesAndTypes) {
  ReportSession session(url());
  const Table table = session.query(
      "select 1::int2 as small, 9007199254740993::int8 as large, 1.5::float8 as real, true as yes, "
      "'año'::text as word, null::text as nothing, current_database() as name");
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  EXPECT_THAT(names,
              testing::ElementsAre("small", "large", "real", "yes", "word", "nothing", "name"));
  ASSERT_EQ(table.rows.size(), 1u);
  const std::vector<Cell> expected{std::int64_t(1),
                                   std::int64_t(9007199254740993),
                                   1.5,
                                   true,
                                   std::string("año"),
                                   std::monostate(),
                                   name_};
  EXPECT_EQ(table.rows[0], expected);
}

TEST_F(ReportSessionTest, AnswersOtherTypesAsPostgresTexts) {
  ReportSession session(url());
  session.execute("set time zone 'UTC'");
  const Table table = session.query(
      "select '7d5bd9e4-0000-4000-8000-000000000001'::uuid as id, '{\"a\": 1}'::jsonb as json, "
      "'2026-01-02 03:04:05.678901+00'::timestamptz as at, '2026-01-02'::date as day, "
      "12345678901234567890.12::numeric::text as amount -- the end\n ; ");
  EXPECT_EQ(table.rows[0], (std::vector<Cell>{"7d5bd9e4-0000-4000-8000-000000000001", "{\"a\": 1}",
                                              "2026-01-02 03:04:05.678901+00", "2026-01-02",
                                              "12345678901234567890.12"}));
}

TEST_F(ReportSessionTest, KeepsBothOfTwoColumnsWithOneName) {
  ReportSession session(url());
  const Table table = session.query("select 1 as n, 'a' as n, 2.5 as \"odd \"\"name\"");
  EXPECT_EQ(table.rows[0], (std::vector<Cell>{std::int64_t(1), "a", 2.5}));
  EXPECT_EQ(table.columns[2].name, "odd \"name");
}

TEST_F(ReportSessionTest, BindsParametersAsDataNotAsSql) {
  ReportSession session(url());
  session.execute("create table notes (note text)");
  session.execute("insert into notes values ($1)", {"'); drop table notes; --"});
  const Table table =
      session.query("select note from notes where note = $1", {"'); drop table notes; --"});
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0][0], Cell("'); drop table notes; --"));
}

TEST_F(ReportSessionTest, KeepsTheHeadingsOfAnEmptyAnswerAndManyRowsInOrder) {
  ReportSession session(url());
  const Table none = session.query("select 1 as one where false");
  EXPECT_THAT(none.rows, IsEmpty());
  ASSERT_EQ(none.columns.size(), 1u);
  EXPECT_EQ(none.columns[0].name, "one");
  const Table many = session.query("select n from generate_series(1, 5000) n order by -n");
  ASSERT_EQ(many.rows.size(), 5000u);
  EXPECT_EQ(many.rows.front()[0], Cell(std::int64_t(5000)));
  EXPECT_EQ(many.rows.back()[0], Cell(std::int64_t(1)));
}

TEST_F(ReportSessionTest, ReportsAStatementsFaultAndGoesOn) {
  ReportSession session(url());
  try {
    session.query("select * from absent");
    FAIL() << "no error";
  } catch (const ReportError& error) {
    EXPECT_THAT(error.what(), HasSubstr("relation \"absent\" does not exist"));
  }
  EXPECT_EQ(session.query("select 1 as one").rows.size(), 1u);
}

TEST_F(ReportSessionTest, TakesOptionsWithBlanksAndLeavesTheEnvironmentAsItWas) {
  ReportSession session(url() +
                        " options='-c search_path=elsewhere -c work_mem=77kB' password='a b\\'c'");
  EXPECT_EQ(session.query("select current_setting('work_mem') as v").rows[0][0], Cell("77kB"));
  EXPECT_EQ(std::getenv("PGOPTIONS"), nullptr);
  EXPECT_EQ(std::getenv("PGPASSWORD"), nullptr);
}

TEST_F(ReportSessionTest, NamesTheDatabaseThatIsAwayButNeverThePassword) {
  for (const std::string& bad : {server_url() + " dbname=absent_database password=hunter2",
                                 std::string("postgresql://u:hunter2@%zz/"),
                                 std::string("host=/nonexistent password=hunter2 user=u")}) {
    try {
      const ReportSession session(bad);
      FAIL() << bad;
    } catch (const ReportError& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr("database"), Not(HasSubstr("hunter2"))));
    }
  }
}

}  // namespace
}  // namespace calixo::host
