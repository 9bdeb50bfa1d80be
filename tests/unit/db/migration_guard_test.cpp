#include "db/migration_guard.hpp"

#include <gmock/gmock.h>

namespace calixo::host {
namespace {

using testing::HasSubstr;

std::string reason(std::string_view sql) {
  const auto fault = migration_fault(sql);
  return fault ? fault->reason : std::string();
}

std::string plpgsql(const std::string& body) {
  return "create function f() returns void language plpgsql as $f$ " + body + " $f$;";
}

TEST(MigrationGuard, LetsOrdinaryFilesPass) {
  EXPECT_EQ(reason("create table t (role text); update t set role = 'x';"
                   "alter table t alter role set default 'y';"
                   "create trigger c before update on t for each row execute function f();"
                   "grant execute on function f() to calixo_x;"
                   "set local lock_timeout = '1s'; comment on table t is 'set role x; commit'"),
            "");
  EXPECT_EQ(reason("select set_config('request.jwt.claims', '{}', true)"), "");
  EXPECT_EQ(reason("create function f() returns int language sql security definer"
                   " set search_path = pg_catalog, public begin atomic select 1; end; select 2"),
            "");
}

TEST(MigrationGuard, LetsOrdinaryFunctionsPass) {
  EXPECT_EQ(reason(plpgsql("declare n int; begin update t set role = 'x' where id = 1;"
                           " alter table t alter n set default 3; insert into t values (1) on "
                           "conflict do update set n = 2;"
                           " for n in select 1 for update loop update t set n = 1; end loop;"
                           " exception when others then raise; end")),
            "");
}

TEST(MigrationGuard, RefusesToLeaveTheTransactionOrTheRole) {
  for (const char* sql :
       {"select 1; commit", "begin", "reset role", "set role x", "set local role x",
        "set session authorization x", "set local \"role\" = 'x'", "discard all",
        "set local standard_conforming_strings = off", "set search_path = x", "call p()",
        "copy t from program 'x'", "select set_config('role', 'x', true)",
        "select set_config('request.x' || 'role', 'x', true)",
        "update pg_settings set setting = 'x' where name = 'role'",
        "create view v as select \"set_config\"('role', 'x', true)",
        "alter function f() set role = 'x'",
        "create function f() returns int language sql set role = 'x' as 'select 1'"}) {
    EXPECT_NE(reason(sql), "") << sql;
  }
}

TEST(MigrationGuard, RefusesFunctionsThatChangeTheRole) {
  for (const char* body :
       {"begin set local role x; end", "begin reset role; end",
        "begin execute 'se' || 't role x'; end", "begin if true then set role x; end if; end",
        "begin <<update>> set role x; end", "begin loop set role x; end loop; end",
        "begin perform set_config('role', 'x', true); end",
        "begin update t set n = 1; set role x; end", "begin return query execute s; end",
        "begin create function g() returns void language sql as 'set role x'; end",
        "begin set local request.jwt.claims = ''; commit; end",
        "begin alter function g() set role = x; end",
        "begin create function update() returns int language sql set role = x as ''; end"}) {
    EXPECT_NE(reason(plpgsql(body)), "") << body;
  }
  EXPECT_NE(reason("create function f() returns void language sql as 'se'\n't role x'"), "");
  EXPECT_NE(reason("create function f() returns void language sql as E'\\x73et role x'"), "");
  EXPECT_NE(reason("do language plpgsql $$ begin execute 'reset role'; end $$"), "");
}

TEST(MigrationGuard, NamesTheLineAndTheWayOut) {
  const auto fault = migration_fault("create table t (n int);\n\nselect 1;\ncommit;");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->line, 4u);
  EXPECT_THAT(fault->reason, HasSubstr("commit"));
}

}  // namespace
}  // namespace calixo::host
