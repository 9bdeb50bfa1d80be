#include "db/statement_guard.hpp"

#include <gtest/gtest.h>

namespace calixo::host {
namespace {

TEST(StatementGuard, LetsSavepointsPassButNotTheTransactionsEnd) {
  EXPECT_EQ(refused_command("savepoint a"), "");
  EXPECT_EQ(refused_command("release savepoint a"), "");
  EXPECT_EQ(refused_command("rollback to savepoint a"), "");
  EXPECT_EQ(refused_command("ROLLBACK work TO a"), "");
  EXPECT_EQ(refused_command("rollback"), "rollback");
  EXPECT_EQ(refused_command("rollback and chain"), "rollback");
}

TEST(StatementGuard, SeesThroughSpaceCommentsAndCase) {
  EXPECT_EQ(refused_command("BEGIN"), "begin");
  EXPECT_EQ(refused_command(" \n\t; Commit"), "commit");
  EXPECT_EQ(refused_command("-- a\n-- b\nrollback"), "rollback");
  EXPECT_EQ(refused_command("/* a /* nested */ b */copy t to stdout"), "copy");
  EXPECT_EQ(refused_command("set session role x"), "set");
  EXPECT_EQ(refused_command("set local /* */ role x"), "set");
}

TEST(StatementGuard, LetsOrdinaryStatementsPass) {
  for (const char* sql : {"", "   ", "select 1", "with x as (select 1) select * from x",
                          "insert into t values ('commit')", "/* begin", "--begin", "(select 1)",
                          "set local work_mem = '1MB'", "set constraints all deferred",
                          "update t set role = 'x'", "lock table t"}) {
    EXPECT_EQ(refused_command(sql), "") << sql;
  }
}

TEST(StatementGuard, RefusesWhatChangesTheSchemaOrRunsCode) {
  for (const char* sql :
       {"do $$ begin null; end $$", "create function pg_temp.f() returns int language sql as 'x'",
        "call p()", "alter role current_user set role = 'x'", "grant a to b", "explain select 1",
        "execute context", "import foreign schema x", "\"select\" 1", "beginning"}) {
    EXPECT_NE(refused_command(sql), "") << sql;
  }
}

TEST(StatementGuard, RefusesEverySpellingOfARoleChange) {
  for (const char* sql :
       {"set local \"role\" = 'x'", R"(set local U&"r\006fle" = 'x')", "set local role = 'x'",
        "set local session_authorization = 'x'", "set local standard_conforming_strings = off",
        "set local request.jwt.claims = '{}'", "set local search_path = evil"}) {
    EXPECT_EQ(refused_command(sql), "set") << sql;
  }
  for (const char* sql : {"select set_config('role', 'x', true)",
                          "select pg_catalog . SET_CONFIG ('role', 'x', true)",
                          "select \"set_config\"('role', 'x', true)",
                          R"(select U&"set\005fconfig"('role', 'x', true))",
                          R"(select U&"set!005fconfig" uescape '!' ('role', 'x', true))",
                          "select E'a'\n'\\'', set_config('role', 'x', true) --'",
                          "with x as (select set_config('role', 'x', true)) select * from x"}) {
    EXPECT_EQ(refused_command(sql), "set_config") << sql;
  }
  EXPECT_EQ(refused_command("update pg_settings set setting = 'x' where name = 'role'"),
            "pg_settings");
  EXPECT_EQ(refused_command("select query_to_xml($1, true, true, '')"), "query_to_xml");
  EXPECT_EQ(refused_command("select ts_stat($1)"), "ts_stat");
}

TEST(StatementGuard, RaisesAMessageWithAnyCharacters) {
  EXPECT_EQ(raising_statement("22021", "it's $raise$"),
            "do $raise$ begin raise exception using errcode = '22021', message = 'it''s  raise '; "
            "end $raise$");
}

}  // namespace
}  // namespace calixo::host
