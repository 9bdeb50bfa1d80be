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

// "2026-10-25 3600" a line.
std::string dates_of(const std::string& zone, const std::string& from, const std::string& to) {
  return "select string_agg(local_date || ' ' || overlap_us / 1000000, ', ' order by local_date) "
         "from challenges_focus_dates('" +
         zone + "', '" + from + "', '" + to + "')";
}

TEST_F(FocusSessions, AreDividedAtTheMidnightsOfTheirZone) {
  EXPECT_EQ(connection_.value(dates_of("UTC", "2026-03-01 23:00Z", "2026-03-02 02:00Z")),
            "2026-03-01 3600, 2026-03-02 7200");
  EXPECT_EQ(connection_.value(dates_of("Asia/Kolkata", "2026-03-01 18:00Z", "2026-03-01 19:00Z")),
            "2026-03-01 1800, 2026-03-02 1800");
  EXPECT_EQ(connection_.value(dates_of("UTC", "2026-03-01 00:00Z", "2026-03-02 00:00Z")),
            "2026-03-01 86400");
  EXPECT_EQ(connection_.value(dates_of("UTC", "2026-03-01 05:00Z", "2026-03-01 05:00Z")), "");
}

TEST_F(FocusSessions, LieOnDatesThatAreAsLongAsTheClocksMakeThem) {
  EXPECT_EQ(connection_.value(dates_of("Europe/Madrid", "2026-10-24 12:00Z", "2026-10-26 12:00Z")),
            "2026-10-24 36000, 2026-10-25 90000, 2026-10-26 46800");
  EXPECT_EQ(connection_.value(dates_of("Europe/Madrid", "2026-03-28 12:00Z", "2026-03-30 12:00Z")),
            "2026-03-28 39600, 2026-03-29 82800, 2026-03-30 50400");
  EXPECT_EQ(connection_.value(dates_of("Pacific/Apia", "2011-12-30 09:00Z", "2011-12-30 11:00Z")),
            "2011-12-29 3600, 2011-12-31 3600")
      << "Samoa had no 30th";
  EXPECT_EQ(connection_.value(dates_of("America/Havana", "2026-11-01 04:10Z", "2026-11-01 04:50Z")),
            "2026-11-01 2400")
      << "between the two midnights";
}

TEST_F(FocusSessions, LoseNothingToTheDatesOfAnyZone) {
  const std::string lost = connection_.value(R"(
    select string_agg(zone || ' ' || since || ' ' || until, ', ') from (
      select zone.name as zone, since, until,
             (select coalesce(sum(overlap_us), 0)
              from challenges_focus_dates(zone.name, since, until)) as total_us
      from pg_timezone_names zone,
           generate_series(timestamptz '2024-01-01 00:00Z', '2026-12-31 00:00Z',
                           interval '31 days 5 hours 37 min') as since,
           lateral (select since + interval '1 h' * length as until
                    from unnest(array[1, 24]) as length) as ends) as divided
    where total_us <> (extract(epoch from until - since) * 1000000)::bigint)");
  EXPECT_EQ(lost, "");
}

}  // namespace
}  // namespace calixo::test
