// The fifteen feature tables of the seed keep their names, columns and types, and the rules that
// the database itself holds: append-only money, one open attempt, what goes with an account.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "migrated_database.hpp"

namespace calixo::test {
namespace {

const std::vector<std::pair<std::string, std::string>> kSeedColumns = {
    {"users", "id uuid, email text, password_hash text, created_at timestamptz"},
    {"profiles",
     "user_id uuid, display_name text, avatar_energy int4, is_private bool, "
     "created_at timestamptz"},
    {"challenges",
     "id int4, type text, title text, description text, reward int4, created_at timestamptz"},
    {"user_challenges",
     "id int4, user_id uuid, challenge_id int4, status text, started_at timestamptz, "
     "completed_at timestamptz"},
    {"focus_sessions", "id int4, user_challenge_id int4, duration int4, interruptions int4"},
    {"social_sessions",
     "id int4, inviter_id uuid, invitee_id uuid, challenge_id int4, accepted_at timestamptz, "
     "completed_at timestamptz"},
    {"avatar_customizations",
     "id int4, user_id uuid, category text, item_id text, unlocked_at timestamptz, "
     "equipped bool"},
    {"store_items", "id int4, name text, price int4, premium_only bool"},
    // Wider than the seed's int4: money and its rows outgrow that.
    {"transactions", "id int8, user_id uuid, item_id int4, amount int8, created_at timestamptz"},
    {"followers", "follower_id uuid, following_id uuid, followed_at timestamptz"},
    {"feed_items",
     "id int4, user_challenge_id int4, image_url text, note text, created_at timestamptz"},
    {"notifications",
     "id int4, user_id uuid, type text, payload jsonb, seen bool, created_at timestamptz"},
    {"subscriptions",
     "id int4, user_id uuid, stripe_subscription_id text, status text, plan text, "
     "current_period_end timestamptz"},
    {"coupons", "id int4, code text, discount_percent int4, valid_until timestamptz"},
    {"admin_users", "user_id uuid, role text"},
};

const std::string kUser = "'00000000-0000-4000-8000-000000000001'";

// Pays somebody 5, both sides of it.
const std::string kPayment =
    "with account as (insert into ledger_accounts (user_id) values (" + kUser +
    ") returning id, user_id) "
    "insert into transactions (transfer_id, account_id, user_id, amount, reason, source) "
    "select 1, id, user_id, 5, 'gift', 'gift:1' from account "
    "union all select 1, 1, null, -5, 'gift', null";

class SeedSchema : public testing::Test {
 protected:
  SeedSchema() : connection_(database_.conninfo()) {
    connection_.run("insert into users (id, email) values (" + kUser + ", 'one@calixo.test')");
    connection_.run("insert into profiles (user_id) select id from users");
  }

  MigratedDatabase database_;
  Connection connection_;
};

TEST_F(SeedSchema, KeepsEveryTableAndColumnOfTheSeed) {
  for (const auto& [table, columns] : kSeedColumns) {
    const auto found = connection_.column(
        "select column_name || ' ' || udt_name from information_schema.columns "
        "where table_schema = 'public' and table_name = '" +
        table + "'");
    std::istringstream wanted(columns);
    for (std::string column; std::getline(wanted >> std::ws, column, ',');) {
      EXPECT_NE(std::find(found.begin(), found.end(), column), found.end())
          << table << " lacks " << column;
    }
  }
}

TEST_F(SeedSchema, EveryForeignKeyIsIndexedAndSaysWhatDeletionDoes) {
  const auto unindexed = connection_.column(R"(
    select conrelid::regclass || ' ' || conname from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace
      and not exists (
        select from pg_index where indrelid = conrelid
          and (indkey::int2[])[0:array_length(conkey, 1) - 1] @> conkey))");
  EXPECT_TRUE(unindexed.empty()) << unindexed.front();
  const auto silent = connection_.column(R"(
    select conrelid::regclass || ' ' || conname from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace and confdeltype = 'a')");
  EXPECT_TRUE(silent.empty()) << silent.front();
}

TEST_F(SeedSchema, ShipsThirtyChallengesOfThreeTypesInBothLanguages) {
  const auto types = connection_.column("select distinct type from challenges order by type");
  EXPECT_EQ(types, (std::vector<std::string>{"daily", "focus", "social"}));
  EXPECT_GE(std::stoi(connection_.value("select count(*) from challenges")), 30);
  EXPECT_EQ(connection_.value("select count(*) from challenges where title = title_en "
                              "or description = '' or description_en = '' or reward = 0"),
            "0");
}

TEST_F(SeedSchema, TransactionsRefuseChangeEvenFromASuperuser) {
  connection_.run(kPayment);
  for (const char* sql : {"update transactions set amount = 6", "delete from transactions",
                          "update transactions set user_id = null", "truncate transactions"}) {
    EXPECT_EQ(sqlstate(connection_.attempt(sql)), "42501") << sql;
  }
}

TEST_F(SeedSchema, ErasingAnAccountKeepsItsMovementsWithoutItsName) {
  connection_.run(kPayment);
  connection_.run("delete from users");
  EXPECT_EQ(connection_.value("select count(*) from transactions where user_id is null"), "2");
  EXPECT_EQ(connection_.value("select sum(balance) from ledger_accounts where user_id is null"),
            "5");
  EXPECT_EQ(connection_.value("select count(*) from profiles"), "0");
}

TEST_F(SeedSchema, OneAttemptOfAChallengeIsOpenAtATime) {
  const std::string start = "insert into user_challenges (user_id, challenge_id) select " + kUser +
                            ", min(id) from challenges";
  connection_.run(start);
  EXPECT_EQ(sqlstate(connection_.attempt(start)), "23505");
  connection_.run("update user_challenges set status = 'failed'");
  EXPECT_EQ(sqlstate(connection_.attempt(start)), "");
}

TEST_F(SeedSchema, RefusesValuesThatMeanNothing) {
  for (const char* sql : {
           "update profiles set avatar_energy = 101",
           "update profiles set locale = 'fr'",
           "update users set email = 'UPPER@calixo.test'",
           "update challenges set reward = -1",
           "insert into store_items (slug, name, name_en, price) values ('hat', 'Gorro', 'Hat', "
           "-1)",
           "insert into coupons (code, discount_percent) values ('MUCH', 101)",
           "insert into admin_users select id, 'KING' from users",
           "insert into followers select id, id from users",
           "insert into notifications (user_id, type) select id, 'spam' from users",
       }) {
    EXPECT_EQ(sqlstate(connection_.attempt(sql)), "23514") << sql;
  }
}

}  // namespace
}  // namespace calixo::test
