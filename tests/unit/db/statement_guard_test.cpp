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
                          "insert into t values ('commit')", "beginning", "/* begin", "--begin",
                          "set local work_mem = '1MB'", "set constraints all deferred",
                          "update t set role = 'x'", "lock table t"}) {
    EXPECT_EQ(refused_command(sql), "") << sql;
  }
}

TEST(StatementGuard, RaisesAMessageWithAnyCharacters) {
  EXPECT_EQ(raising_statement("22021", "it's $raise$"),
            "do $raise$ begin raise exception using errcode = '22021', message = 'it''s  raise '; "
            "end $raise$");
}

}  // namespace
}  // namespace calixo::host
