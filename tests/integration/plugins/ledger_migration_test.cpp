// Rows that were written before there were accounts: the migration gives each an account and a
// counterpart, so that the ledger begins balanced.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "migrated_database.hpp"

namespace calixo::test {
namespace {

std::vector<host::MigrationSet> sets_before_the_ledger() {
  std::vector<host::MigrationSet> sets = all_migration_sets();
  for (host::MigrationSet& set : sets) {
    if (set.plugin == "store") set.migrations.resize(1);
  }
  return sets;
}

class LedgerMigration : public testing::Test {
 protected:
  LedgerMigration() : database_(sets_before_the_ledger()), connection_(database_.conninfo()) {
    connection_.run(R"(
      insert into users (id, email)
        values ('00000000-0000-4000-8000-000000000001', 'one@calixo.test'),
               ('00000000-0000-4000-8000-000000000002', 'two@calixo.test');
      insert into store_items (name, price) values ('Gorra', 30);
      insert into transactions (user_id, amount)
        select id, n * 10 from users, generate_series(1, 3) n;
      insert into transactions (user_id, amount, item_id)
        select '00000000-0000-4000-8000-000000000001', -30, id from store_items;
      delete from users where email = 'two@calixo.test')");
  }

  MigratedDatabase database_;
  Connection connection_;
};

TEST_F(LedgerMigration, GivesOldRowsAnAccountAndACounterpart) {
  host::Migrator(database_.conninfo(), all_migration_sets()).up();
  EXPECT_EQ(connection_.value("select count(*) from transactions"), "14");
  EXPECT_EQ(connection_.value("select count(*) from (select from transactions group by transfer_id "
                              "having sum(amount) <> 0 or count(*) <> 2) unbalanced"),
            "0");
  EXPECT_EQ(connection_.column("select balance::text from ledger_accounts"),
            std::vector<std::string>{"30"});
  EXPECT_EQ(connection_.value("select sum(amount) from transactions where account_id >= 1000"),
            "30");
  EXPECT_EQ(
      connection_.value("select slug || ' ' || name_en from store_items where name = 'Gorra'"),
      "item-1 Gorra");
  for (const char* sql : {"update transactions set amount = 6", "delete from transactions"}) {
    EXPECT_EQ(sqlstate(connection_.attempt(sql)), "42501") << sql;
  }
}

}  // namespace
}  // namespace calixo::test
