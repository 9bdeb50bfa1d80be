// A plugin that means harm, on the connections that all plugins share: it reads no other's table,
// whatever it sends and whatever its migrations leave behind. On a superuser; on a login that may
// only make roles, fenced by the cluster's superuser as the embedded one's is; and on one that
// nobody fenced, where the guard stands alone.
#include <gmock/gmock.h>

#include "db/bootstrap.hpp"
#include "db/migrator.hpp"
#include "test_database.hpp"

namespace calixo::host::test {
namespace {

using ::testing::HasSubstr;

constexpr const char* kVictimSql =
    "create table secrets (text text); insert into secrets values ('the secret');"
    "grant select on secrets to ";
// What migrations may hold, used for the worst.
constexpr const char* kThiefSql = R"(
create table loot (text text);
create function spill() returns text language plpgsql as
  'begin return (select text from secrets); end';
create view plunder as select * from loot;
)";

enum class Login { superuser, embedded, managed };

class RoleFence : public ::testing::TestWithParam<Login> {
 protected:
  RoleFence() {
    if (GetParam() != Login::superuser) make_managed_login();
    Migrator(options.url, {{victim, {{1, "0001_v.sql", kVictimSql + runtime_role(victim)}}},
                           {thief, {{1, "0001_t.sql", kThiefSql}}}})
        .up();
    database.emplace(options, loops.list());
  }
  ~RoleFence() override {
    database.reset();
    AdminSession session(postgres.url());
    for (const std::string& plugin : {victim, thief}) {
      for (const std::string& role : {runtime_role(plugin), owner_role(plugin)}) {
        session.execute("drop owned by " + role + " cascade; drop role " + role);
      }
    }
    if (GetParam() != Login::superuser) {
      session.execute("alter database " + postgres.name() + " owner to postgres");
      session.execute("drop owned by " + login + " cascade; drop role " + login);
    }
  }

  void make_managed_login() {
    postgres.execute("create role " + login + " login createrole");
    postgres.execute("alter database " + postgres.name() + " owner to " + login);
    options.url += " user=" + login;
    AdminSession superuser(postgres.url());
    if (GetParam() == Login::embedded) fence_roles(superuser, login);
  }

  // What the thief gets when the statements travel as one run: the last one's text, or SQLSTATE.
  std::string stolen(const std::vector<std::string>& statements) {
    std::string outcome;
    loops.run([&] {
      const StatementContext context = as(thief);
      std::vector<Statement> run;
      for (const std::string& sql : statements) run.push_back({sql, {}});
      Answer answer{DbStatus::ok, {}};
      answer.status = database->run(context, run, answer.results);
      outcome = answer.status == DbStatus::ok
                    ? std::string(answer.results.back().value(0, 0).value_or("(nothing)"))
                    : answer.sqlstate();
    });
    return outcome;
  }
  StatementContext as(const std::string& plugin) {
    roles.push_back(std::make_unique<std::string>(runtime_role(plugin)));
    StatementContext context;
    context.role = *roles.back();
    return context;
  }

  const std::string suffix = std::to_string(::getpid());
  const std::string victim = "victim" + suffix, thief = "thief" + suffix;
  const std::string login = "calixo_managed_" + suffix;
  TestDatabase postgres;
  Loops loops;
  DatabaseOptions options = options_for(postgres);
  std::optional<Database> database;
  std::vector<std::unique_ptr<std::string>> roles;
};

TEST_P(RoleFence, TheOwnerReadsItsTable) {
  loops.run([&] {
    EXPECT_EQ(query(*database, "select text from secrets", {}, as(victim)).text(), "the secret");
  });
}

TEST_P(RoleFence, DeniesEveryTrickOfAStatement) {
  const std::string role = "'" + runtime_role(victim) + "'";
  const std::string read = "select text from secrets";
  const std::string nested = "'select text from secrets'";
  const std::vector<std::vector<std::string>> tricks{
      {read},
      {"select spill()"},
      {"set role " + role, read},
      {"set local role " + role, read},
      {"set local \"role\" = " + role, read},
      {"set session authorization " + role, read},
      {"set local session_authorization = " + role, read},
      {"reset role", read},
      {"set local role none", read},
      {"discard all", read},
      {"do $$ begin set local role " + runtime_role(victim) + "; end $$", read},
      {"do $$ begin commit; end $$", read},
      {"select set_config('role', " + role + ", true)", read},
      {"select set_config('role', 'none', true)", read},
      {"select pg_catalog.\"set_config\"('role', " + role + ", true)", read},
      {"select U&\"set\\005fconfig\"('role', " + role + ", true)", read},
      {"select E'a'\n'\\'', set_config('role', " + role + ", true) --'", read},
      {"with x as materialized (select set_config('role', " + role +
       ", true)) select query_to_xml(" + nested + ", true, true, '') from x"},
      {"select query_to_xml('select set_config(''role'', '" + role + "', true)', true, true, '')",
       read},
      {"select ts_stat('select to_tsvector(set_config(''role'', '" + role + "', true))')", read},
      {"update pg_settings set setting = " + role + " where name = 'role'", read},
      {"explain analyze execute context(" + role + ", '', '')", read},
      {"execute context(" + role + ", '', '')", read},
      {"prepare p as " + read, "execute p"},
      {"create function pg_temp.f() returns void language sql as 'set role " +
           runtime_role(victim) + "'",
       read},
      {"create temporary table t (n int)"},
      {"create table evil as " + read},
      {"select text into temporary t from secrets"},
      {"alter role current_user set role = " + role},
      {"grant " + runtime_role(victim) + " to " + runtime_role(thief), read},
      {"copy secrets to stdout"},
      {"select pg_read_file('PG_VERSION')"},
      {"select lo_export(1, '/nowhere')"},
      {"table secrets"},
      {"select rolpassword from pg_authid"},
  };
  for (const auto& trick : tricks) {
    EXPECT_THAT(stolen(trick), ::testing::AnyOf("42501", "0A000")) << trick.front();
  }
}

TEST_P(RoleFence, HoldsInsideATransactionOfSeveralRuns) {
  loops.run([&] {
    std::unique_ptr<Transaction> transaction;
    ASSERT_EQ(database->begin({}, transaction), DbStatus::ok);
    EXPECT_EQ(query(*transaction, "select current_user", {}, as(thief)).text(),
              runtime_role(thief));
    EXPECT_EQ(query(*transaction, "select text from secrets", {}, as(victim)).text(), "the secret");
    EXPECT_EQ(query(*transaction, "savepoint s", {}, as(thief)).status, DbStatus::ok);
    EXPECT_EQ(query(*transaction, "select text from secrets", {}, as(thief)).sqlstate(), "42501");
    EXPECT_EQ(query(*transaction, "rollback to savepoint s", {}, as(thief)).status, DbStatus::ok);
    EXPECT_EQ(query(*transaction, "select current_user", {}, as(thief)).text(),
              runtime_role(thief));
  });
}

TEST_P(RoleFence, RefusesMigrationsThatLeaveTheirRole) {
  for (const std::string sql :
       {"reset role; grant select on secrets to public",
        "commit; grant select on secrets to public", "do $$ begin execute 'reset role'; end $$",
        "create function f() returns void language plpgsql as 'begin execute ''reset role''; end'",
        "create function f() returns void language sql as 'set role postgres'",
        "create function f() returns int language sql set role = 'x' as 'select 1'",
        "create view v as select set_config('role', 'x', true)"}) {
    try {
      Migrator(options.url, {{thief, {{1, "0001_t.sql", kThiefSql}, {2, "0002_t.sql", sql}}}}).up();
      ADD_FAILURE() << sql << " was applied";
    } catch (const MigrationError& error) {
      EXPECT_THAT(error.what(), HasSubstr(thief + "/0002_t.sql:1")) << sql;
    }
  }
}

// The function runs at the end of the transaction, where the login itself would call it.
TEST_P(RoleFence, RunsDeferredTriggersOfAMigrationAsItsOwner) {
  const std::string sql =
      "create table tripwire (n int, who text);"
      "create function trip() returns trigger language plpgsql as"
      " 'begin update tripwire set who = current_user; return null; end';"
      "create constraint trigger t after insert on tripwire deferrable initially deferred"
      " for each row execute function trip(); insert into tripwire values (1)";
  Migrator(options.url, {{thief, {{1, "0001_t.sql", kThiefSql}, {2, "0002_t.sql", sql}}}}).up();
  EXPECT_EQ(postgres.value("select who from tripwire"), owner_role(thief));
}

TEST_P(RoleFence, IsInTheDatabaseWhereTheLoginMayPutItThere) {
  AdminSession session(options.url);
  EXPECT_EQ(may_fence_roles(session), GetParam() == Login::superuser);
  EXPECT_EQ(is_role_fenced(session), GetParam() != Login::managed);
}

// Without the guard in front: as a function that it did not see through would.
TEST_P(RoleFence, StandsWithoutTheGuardWhereTheDatabaseHoldsIt) {
  if (GetParam() == Login::managed) return;  // there the guard stands alone
  AdminSession session(options.url);
  session.execute("set role " + runtime_role(thief));
  const std::string change = "select set_config(''role'', ''" + runtime_role(victim) + "'', true)";
  for (const std::string& sql :
       {"select set_config('role', '" + runtime_role(victim) + "', false)",
        "select query_to_xml('" + change + "', true, true, '')", "select ts_stat('" + change + "')",
        "update pg_settings set setting = '" + runtime_role(victim) + "' where name = 'role'",
        std::string("create temporary table t (n int)")}) {
    try {
      session.query(sql);
      ADD_FAILURE() << sql << " ran";
    } catch (const AdminError& error) {
      EXPECT_EQ(error.sqlstate, "42501") << sql;
    }
  }
}

TEST_P(RoleFence, LetsAMigrationSayInWhoseNameItWrites) {
  const std::string sql =
      "create table guarded (n int); alter table guarded enable row level security;"
      "alter table guarded force row level security;"
      "create policy p on guarded with check ((select auth.role()) = 'service_role');"
      "select set_config('request.jwt.claims', '{\"role\":\"service_role\"}', true);"
      "insert into guarded values (1)";
  Migrator(options.url, {{thief, {{1, "0001_t.sql", kThiefSql}, {2, "0002_t.sql", sql}}}}).up();
  EXPECT_EQ(postgres.value("select count(*) from guarded"), "1");
  EXPECT_EQ(postgres.value("select has_function_privilege('" + owner_role(thief) +
                           "', 'pg_catalog.set_config(text, text, boolean)', 'execute')"),
            GetParam() == Login::managed ? "t" : "f");
}

std::string name_of(const ::testing::TestParamInfo<Login>& login) {
  static constexpr const char* kNames[] = {"Superuser", "Embedded", "Managed"};
  return kNames[static_cast<int>(login.param)];
}

INSTANTIATE_TEST_SUITE_P(Logins, RoleFence,
                         ::testing::Values(Login::superuser, Login::embedded, Login::managed),
                         name_of);

}  // namespace
}  // namespace calixo::host::test
