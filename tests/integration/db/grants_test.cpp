// Grants beyond a plugin's own tables: given as the owner, taken back, nothing done twice.
#include "db/grants.hpp"

#include <gmock/gmock.h>

#include "db/migrator.hpp"
#include "test_database.hpp"

namespace calixo::host::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Grants : public ::testing::Test {
 protected:
  ~Grants() override {
    for (const std::string& plugin : {owner, guest}) {
      for (const std::string& role : {runtime_role(plugin), owner_role(plugin)}) {
        postgres.execute("drop owned by " + role + "; drop role " + role);
      }
    }
  }
  std::vector<GrantRefusal> apply(std::vector<TableGrant> grants) {
    const Migration table{1, "0001_t.sql", "create table people (id int, email text, hash text)"};
    const Migration own{1, "0001_g.sql", "create table mine (id int)"};
    return Migrator(postgres.url(), {{owner, {table}}, {guest, {own}, std::move(grants)}})
        .up()
        .refused;
  }
  bool may(const std::string& privilege, const std::string& column) {
    return postgres.value("select has_column_privilege('" + runtime_role(guest) + "', 'people', '" +
                          column + "', '" + privilege + "')") == "t";
  }
  TableGrant grant(const std::string& privilege, std::vector<std::string> columns = {},
                   const std::string& table = "people") {
    return {guest, table, privilege, std::move(columns)};
  }

  const std::string suffix = std::to_string(::getpid());
  const std::string owner = "owner" + suffix, guest = "guest" + suffix;
  TestDatabase postgres;
};

TEST_F(Grants, GiveNoMoreThanTheColumnsNamed) {
  EXPECT_THAT(apply({grant("select", {"email", "id"})}), IsEmpty());
  EXPECT_TRUE(may("select", "id"));
  EXPECT_TRUE(may("select", "email"));
  EXPECT_FALSE(may("select", "hash"));
  EXPECT_FALSE(may("update", "id"));
}

TEST_F(Grants, AreTakenBackOnceTheyAreNoLongerAllowed) {
  apply({grant("select"), grant("update", {"email"})});
  EXPECT_TRUE(may("select", "hash"));
  apply({grant("select", {"id"})});
  EXPECT_TRUE(may("select", "id"));
  EXPECT_FALSE(may("select", "hash"));
  EXPECT_FALSE(may("update", "email"));
  apply({});
  EXPECT_FALSE(may("select", "id"));
  EXPECT_EQ(postgres.value("select count(*) from calixo_grants"), "0");
}

TEST_F(Grants, ChangeNothingWhereNothingDiffers) {
  apply({grant("select", {"id"})});
  const std::string before = postgres.value(
      "select xmin from pg_attribute where attname = 'id'"
      " and attrelid = 'people'::regclass");
  apply({grant("select", {"id"})});
  EXPECT_EQ(postgres.value("select xmin from pg_attribute where attname = 'id'"
                           " and attrelid = 'people'::regclass"),
            before);
}

TEST_F(Grants, AreGivenAgainWhereTheDatabaseLostThem) {
  apply({grant("select")});
  postgres.execute("revoke select on people from " + runtime_role(guest));
  apply({grant("select")});
  EXPECT_TRUE(may("select", "hash"));
}

TEST_F(Grants, NameWhatTheTablesDontAllow) {
  const auto refused = apply({grant("select", {"nope"}), grant("select", {}, "absent"),
                              grant("select", {}, "calixo_migrations")});
  ASSERT_EQ(refused.size(), 3u);
  EXPECT_THAT(refused[0].reason, HasSubstr("there is no such table"));
  EXPECT_THAT(refused[1].reason, HasSubstr("belongs to the server"));
  EXPECT_THAT(refused[2].reason, HasSubstr("no column nope"));
  EXPECT_EQ(refused[0].plugin, guest);
}

TEST_F(Grants, OnOnesOwnTableNeedNothing) {
  EXPECT_THAT(apply({grant("select", {}, "mine")}), IsEmpty());
  EXPECT_EQ(postgres.value("select count(*) from calixo_grants"), "0");
}

}  // namespace
}  // namespace calixo::host::test
