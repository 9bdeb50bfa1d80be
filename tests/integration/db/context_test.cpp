// Role and claims of a run: they hold for it alone, and row level security sees them.
#include "test_database.hpp"

namespace calixo::host::test {
namespace {

constexpr std::string_view kAlice = R"({"role":"authenticated","sub":"alice"})";

// A runtime role of this process's own: roles are shared by the whole cluster.
class DatabaseContext : public ::testing::Test {
 protected:
  DatabaseContext() {
    postgres.execute("create role " + role +
                     " nologin; create table notes (owner text, body text);"
                     "alter table notes enable row level security;"
                     "create policy mine on notes using (owner ="
                     " current_setting('request.jwt.claims', true)::jsonb ->> 'sub');"
                     "grant select, insert on notes to " +
                     role +
                     ";"
                     "insert into notes values ('alice', 'a'), ('bob', 'b')");
  }
  ~DatabaseContext() override { postgres.execute("drop table notes; drop role " + role); }

  std::string role = "calixo_test_role_" + std::to_string(::getpid());
  TestDatabase postgres;
  Loops loops;
};

TEST_F(DatabaseContext, AppliesRowLevelSecurityUnderTheRuntimeRole) {
  Database database(options_for(postgres), loops.list());
  loops.run([&] {
    const Answer mine = query(database, "select body from notes", {}, {role, kAlice});
    ASSERT_EQ(mine.status, DbStatus::ok);
    EXPECT_EQ(mine.results[0].row_count(), 1u);
    EXPECT_EQ(mine.text(), "a");
    EXPECT_EQ(query(database, "select count(*) from notes").text(), "2");
    const Answer theirs =
        query(database, "insert into notes values ('bob', 'x')", {}, {role, kAlice});
    EXPECT_EQ(theirs.sqlstate(), "42501");
  });
}

TEST_F(DatabaseContext, NeverReachesTheNextStatement) {
  DatabaseOptions options = options_for(postgres);
  options.pipelines_per_loop = 1;
  Database database(options, loops.list());
  const char* who = "select current_user, current_setting('request.jwt.claims', true)";
  loops.run([&] {
    const Answer first = query(database, who, {}, {role, kAlice});
    EXPECT_EQ(first.text(), role);
    EXPECT_EQ(first.text(0, 1), kAlice);
    const Answer failed = query(database, "select 1/0", {}, {role, kAlice});
    EXPECT_EQ(failed.sqlstate(), "22012");
    const Answer second = query(database, who);
    EXPECT_EQ(second.text(), "postgres");
    EXPECT_EQ(second.text(0, 1), "");
  });
}

TEST_F(DatabaseContext, TellsOfTheServiceToItsOwnStatementsAlone) {
  DatabaseOptions options = options_for(postgres);
  options.pipelines_per_loop = 1;
  Database database(options, loops.list());
  const char* who =
      "select current_setting('request.jwt.claim.role', true),"
      " current_setting('request.jwt.claims', true)";
  loops.run([&] {
    const Answer service = query(database, who, {}, service_context(role));
    EXPECT_EQ(service.text(), "service_role");
    EXPECT_EQ(service.text(0, 1), kServiceClaims);
    EXPECT_EQ(query(database, who, {}, {role, kAlice}).text(), "");
  });
  // The same from a thread that has no connection of its own.
  const Answer remote = query(database, who, {}, service_context(role));
  EXPECT_EQ(remote.text(), "service_role");
}

TEST_F(DatabaseContext, BelongsToTheRunAmongManyAtOnce) {
  Database database(options_for(postgres), loops.list());
  loops.run([&] {
    int right = 0;
    int left = 200;
    Completion all;
    const Completion::Handle done = all.handle();
    for (int i = 0; i < 200; ++i) {
      loops[0].spawn([&, i, done] {
        const std::string claims = R"({"sub":")" + std::to_string(i) + "\"}";
        const Answer answer =
            query(database, "select current_setting('request.jwt.claims'), current_user", {},
                  {i % 2 == 0 ? std::string_view(role) : std::string_view(), claims});
        const std::string user = i % 2 == 0 ? role : "postgres";
        if (answer.text() == claims && answer.text(0, 1) == user) ++right;
        if (--left == 0) done.complete();
      });
    }
    all.wait();
    EXPECT_EQ(right, 200);
  });
}

TEST_F(DatabaseContext, SaysThatARoleDoesNotExist) {
  Database database(options_for(postgres), loops.list());
  loops.run([&] {
    const Answer answer = query(database, "select 1", {}, {"calixo_nobody", kAlice});
    EXPECT_EQ(answer.status, DbStatus::sql_error);
    EXPECT_EQ(answer.sqlstate(), "22023");
  });
}

TEST_F(DatabaseContext, ChangesWithEachRunOfATransaction) {
  Database database(options_for(postgres), loops.list());
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database.begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "select current_user", {}, {role, kAlice}).text(), role);
    EXPECT_EQ(query(*transaction, "select current_user").text(), "postgres");
    ResultSet failure;
    EXPECT_EQ(transaction->commit(failure), DbStatus::ok);
  });
}

}  // namespace
}  // namespace calixo::host::test
