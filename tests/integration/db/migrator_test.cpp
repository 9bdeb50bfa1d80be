// Migrations on a real PostgreSQL: the ledger, the roles, what stops the start.
#include "db/migrator.hpp"

#include <gmock/gmock.h>

#include "db/host_migrations.hpp"
#include "test_database.hpp"

namespace calixo::host::test {
namespace {

// Names of this process's own: roles are shared by the whole cluster.
class Migrations : public ::testing::Test {
 protected:
  ~Migrations() override {
    for (const std::string& role : {runtime_role(plugin), owner_role(plugin)}) {
      try {
        postgres.execute("drop owned by " + role + "; drop role " + role);
      } catch (const AdminError&) {  // the test did not get that far
      }
    }
  }
  Migrator migrator(std::vector<Migration> files) { return {postgres.url(), {{plugin, files}}}; }
  std::string error_of(std::vector<Migration> files) {
    try {
      migrator(std::move(files)).up();
    } catch (const MigrationError& error) {
      return error.what();
    }
    return "(no error)";
  }

  std::string plugin = "t" + std::to_string(::getpid());
  TestDatabase postgres;
  const Migration first{1, "0001_a.sql", "create table a (n int);\ncreate index on a (n);"};
  const Migration second{2, "0002_b.sql", "create table b (n int)"};
  const Migration third{3, "0003_c.sql", "create table c (n int)"};
};

TEST_F(Migrations, AreAppliedOnceInOrder) {
  std::vector<std::string> seen;
  const auto note = [&seen](const MigrationRow& row) { seen.push_back(row.name); };
  migrator({first}).up(note);
  migrator({first, second, third}).up(note);
  EXPECT_EQ(seen, (std::vector<std::string>{"0001_a.sql", "0002_b.sql", "0003_c.sql"}));
  EXPECT_TRUE(migrator({first, second, third}).up().applied.empty());
  EXPECT_EQ(postgres.value("select count(*) from calixo_migrations"), "3");
}

TEST_F(Migrations, BelongToTheOwnerRoleAndTheRuntimeRoleHasOnlyItsGrants) {
  migrator({first, {2, "0002_b.sql", "grant select on a to " + runtime_role(plugin)}}).up();
  EXPECT_EQ(postgres.value("select tableowner from pg_tables where tablename = 'a'"),
            owner_role(plugin));
  const std::string privilege = "select has_table_privilege('" + runtime_role(plugin) + "', 'a', ";
  EXPECT_EQ(postgres.value(privilege + "'select')"), "t");
  EXPECT_EQ(postgres.value(privilege + "'insert')"), "f");
  EXPECT_EQ(postgres.value("select has_schema_privilege('" + runtime_role(plugin) +
                           "', 'public', 'create')"),
            "f");
}

TEST_F(Migrations, ReportTheirStateAndChangeNothing) {
  EXPECT_EQ(migrator({first, second}).status().at(0).state, MigrationState::pending);
  EXPECT_EQ(postgres.value("select to_regclass('calixo_migrations') is null"), "t");
  migrator({first}).up();
  const std::vector<MigrationRow> rows = migrator({first, second}).status();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].state, MigrationState::applied);
  EXPECT_EQ(rows[0].sha256.size(), 64u);
  EXPECT_EQ(rows[0].applied_at.size(), 20u);
  EXPECT_EQ(rows[1].state, MigrationState::pending);
}

TEST_F(Migrations, MendWhatTheyStandOn) {
  migrator({first}).up();
  postgres.execute("drop function auth.app_role()");
  migrator({first}).up();
  EXPECT_EQ(postgres.value("select auth.app_role()"), "anonymous");
}

TEST_F(Migrations, StopAtAnEditedFile) {
  migrator({first, second}).up();
  Migration edited = first;
  edited.sql += "\n";
  EXPECT_THAT(error_of({edited, second, third}), ::testing::HasSubstr("0001_a.sql was edited"));
  EXPECT_EQ(postgres.value("select to_regclass('c') is null"), "t");
}

TEST_F(Migrations, StopAtAMissingFile) {
  migrator({first, second}).up();
  EXPECT_THAT(error_of({first}), ::testing::HasSubstr("0002_b.sql was applied"));
}

TEST_F(Migrations, StopAtAFileThatComesTooLate) {
  migrator({first, second}).up();
  postgres.execute("delete from calixo_migrations where number = 1");
  EXPECT_THAT(error_of({first, second}), ::testing::HasSubstr("0001_a.sql has not been applied"));
}

TEST_F(Migrations, StopAtGapsAndRepeatedNumbers) {
  EXPECT_THAT(error_of({first, third}), ::testing::HasSubstr("number 2 is due"));
  EXPECT_THAT(error_of({first, {1, "0001_again.sql", ""}}), ::testing::HasSubstr("is taken"));
}

TEST_F(Migrations, NameFileLineAndReasonAndLeaveNothingHalfDone) {
  const Migration broken{2, "0002_broken.sql", "create table b (n int);\n-- ñ\nselect nope;"};
  const std::string error = error_of({first, broken, third});
  EXPECT_THAT(error, ::testing::HasSubstr(plugin + "/0002_broken.sql:3: "));
  EXPECT_THAT(error, ::testing::HasSubstr("\"nope\" does not exist [42703]"));
  EXPECT_EQ(postgres.value("select to_regclass('a') is not null and to_regclass('b') is null"),
            "t");
  EXPECT_EQ(postgres.value("select count(*) from calixo_migrations"), "1");
}

TEST_F(Migrations, MayNotEndTheirTransaction) {
  EXPECT_THAT(error_of({{1, "0001_x.sql", "create table x (n int); commit"}}),
              ::testing::HasSubstr("a transaction that it makes and ends"));
}

TEST_F(Migrations, AreAppliedOnceByTwoAtATime) {
  const Migration slow{1, "0001_slow.sql", "create table a (n int); select pg_sleep(0.2)"};
  std::vector<std::future<std::size_t>> both;
  for (int i = 0; i < 2; ++i) {
    both.push_back(std::async(std::launch::async, [&] {
      return migrator({slow, second}).up().applied.size();
    }));
  }
  EXPECT_EQ(both[0].get() + both[1].get(), 2u);
}

TEST_F(Migrations, RefusePluginsWhoseRolesMeet) {
  const auto up = [&](const std::string& one, const std::string& other) {
    Migrator(postgres.url(), {{one, {}}, {other, {}}}).up();
  };
  EXPECT_THROW(up("store", "store.owner"), MigrationError);
  EXPECT_THROW(up("a.b", "a-b"), MigrationError);
}

TEST_F(Migrations, SayWhenTheDatabaseIsAway) {
  EXPECT_THROW(Migrator("host=/nonexistent", {}).up(), MigrationError);
  EXPECT_THROW(Migrator("host=/nonexistent", {}).status(), MigrationError);
}

TEST_F(Migrations, GiveTheClaimsFunctionsTheirMeaning) {
  migrator({}).up();
  const auto with_claims = [&](const std::string& claims, const std::string& expression) {
    AdminSession session(postgres.url());
    session.query("select set_config('request.jwt.claims', $1, false)", {claims});
    const ResultSet result = session.query("select " + expression);
    return std::string(result.value(0, 0).value_or("null"));
  };
  EXPECT_EQ(postgres.value("select auth.uid()"), "null");
  EXPECT_EQ(postgres.value("select auth.role()"), "anon");
  EXPECT_EQ(with_claims("", "auth.jwt()"), "null");
  EXPECT_EQ(with_claims("", "auth.app_role()"), "anonymous");
  EXPECT_EQ(with_claims(R"({"role":"service_role"})", "auth.role()"), "service_role");
  EXPECT_EQ(with_claims(R"({"role":"anon"})",
                        "case when set_config('request.jwt.claim.role', 'service_role', true) "
                        "is not null then auth.role() end"),
            "service_role");
  const std::string user = R"({"role":"authenticated",)"
                           R"("sub":"00000000-0000-0000-0000-000000000001"})";
  EXPECT_EQ(with_claims(user, "auth.uid()"), "00000000-0000-0000-0000-000000000001");
  EXPECT_EQ(with_claims(user, "auth.app_role()"), "user");
  EXPECT_EQ(
      with_claims(R"({"role":"authenticated","app_metadata":{"role":"admin"}})", "auth.app_role()"),
      "admin");
}

TEST_F(Migrations, OfTheHostGiveAConfigTableThatOnlyServiceAndAdministratorsSee) {
  Migrator(postgres.url(), {host_migrations()}).up();
  postgres.execute("insert into config (key, value) values ('a.b', '1')");
  Loops loops;
  Database database(options_for(postgres), loops.list());
  const std::string role = runtime_role("host");
  const auto count = [&](std::string_view claims) {
    return query(database, "select count(*) from config", {}, {role, claims}).text();
  };
  loops.run([&] {
    EXPECT_EQ(count(R"({"role":"anon"})"), "0");
    EXPECT_EQ(count(R"({"role":"authenticated"})"), "0");
    EXPECT_EQ(count(R"({"role":"authenticated","app_metadata":{"role":"admin"}})"), "1");
    EXPECT_EQ(count(R"({"role":"service_role"})"), "1");
  });
}

}  // namespace
}  // namespace calixo::host::test
