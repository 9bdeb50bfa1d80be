// What the database itself holds of focus sessions, whoever writes: one person's never lie upon
// each other, one runs, and none is credited more than passed.
#include <gtest/gtest.h>

#include <string>

#include "migrated_database.hpp"

namespace calixo::test {
namespace {

const std::string kAna = "'00000000-0000-4000-8000-000000000001'";
const std::string kBlas = "'00000000-0000-4000-8000-000000000002'";

class FocusSessions : public testing::Test {
 protected:
  FocusSessions() : connection_(database_.conninfo()) {
    connection_.run("insert into users (id, email) values (" + kAna + ", 'ana@calixo.test'), (" +
                    kBlas + ", 'blas@calixo.test')");
  }

  // SQLSTATE and constraint of a session from one hour of a day to another.
  std::string over(const std::string& user, int from, int to, int credited = 0) {
    const std::string end = "timestamptz '2026-01-31 " + std::to_string(to) + ":00Z'";
    return attempt(
        "insert into focus_sessions (user_id, state, started_at, last_heartbeat_at, ended_at, "
        "credited_seconds, reward) values (" +
        user + ", 'finished', timestamptz '2026-01-31 " + std::to_string(from) + ":00Z', " + end +
        ", " + end + ", " + std::to_string(credited) + ", 0)");
  }
  std::string running(const std::string& user, int from) {
    const std::string begin = "timestamptz '2026-01-31 " + std::to_string(from) + ":00Z'";
    return attempt("insert into focus_sessions (user_id, started_at, last_heartbeat_at) values (" +
                   user + ", " + begin + ", " + begin + ")");
  }
  std::string attempt(const std::string& sql) {
    const Result result = connection_.attempt(sql);
    const char* constraint = PQresultErrorField(result.get(), PG_DIAG_CONSTRAINT_NAME);
    return constraint == nullptr ? sqlstate(result) : sqlstate(result) + " " + constraint;
  }

  MigratedDatabase database_;
  Connection connection_;
};

TEST_F(FocusSessions, OfOnePersonDoNotLieUponEachOther) {
  EXPECT_EQ(over(kAna, 10, 12), "");
  EXPECT_EQ(over(kAna, 11, 13), "23P01 focus_sessions_apart");
  EXPECT_EQ(over(kAna, 9, 14), "23P01 focus_sessions_apart");
  EXPECT_EQ(over(kAna, 12, 13), "") << "they may touch";
  EXPECT_EQ(over(kBlas, 11, 13), "") << "another person's";
  EXPECT_EQ(attempt("update focus_sessions set ended_at = ended_at + interval '30 min'"),
            "23P01 focus_sessions_apart");
}

TEST_F(FocusSessions, ARunningOneTakesUpAllThatIsToCome) {
  EXPECT_EQ(running(kAna, 10), "");
  EXPECT_EQ(over(kAna, 18, 19), "23P01 focus_sessions_apart");
  EXPECT_EQ(over(kAna, 9, 10), "");
  EXPECT_EQ(running(kAna, 12).substr(0, 3), "23P") << "or 23505 of the index";
  EXPECT_EQ(running(kBlas, 12), "");
}

TEST_F(FocusSessions, OneThatTookNoTimeIsInNobodysWay) {
  EXPECT_EQ(over(kAna, 11, 11), "");
  EXPECT_EQ(over(kAna, 10, 12), "");
}

TEST_F(FocusSessions, AreCreditedNoMoreThanPassed) {
  EXPECT_EQ(over(kAna, 10, 11, 3601), "23514 focus_sessions_credited_within_elapsed");
  EXPECT_EQ(over(kAna, 10, 11, 3600), "");
}

TEST_F(FocusSessions, AreJudgedWhenTheyEndAndNotBefore) {
  EXPECT_EQ(running(kAna, 10), "");
  EXPECT_EQ(attempt("update focus_sessions set credited_seconds = 1"),
            "23514 focus_sessions_judged");
  EXPECT_EQ(attempt("update focus_sessions set state = 'finished'").substr(0, 5), "23514");
  EXPECT_EQ(attempt("update focus_sessions set last_heartbeat_at = started_at - interval '1 s'"),
            "23514 focus_sessions_in_order");
}

}  // namespace
}  // namespace calixo::test
