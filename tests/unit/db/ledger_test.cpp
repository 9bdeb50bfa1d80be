#include "db/ledger.hpp"

#include <gtest/gtest.h>

#include "db/host_migrations.hpp"
#include "db/sha256.hpp"

namespace calixo::host {
namespace {

const Migration kFirst{1, "0001_a.sql", "a"};
const Migration kSecond{2, "0002_b.sql", "b"};

LedgerEntry entry_of(const Migration& migration) {
  return {migration.name, sha256_hex(migration.sql), "2026-01-01T00:00:00Z", 5};
}

std::vector<MigrationState> states(const std::vector<MigrationSet>& sets, const Ledger& ledger) {
  std::vector<MigrationState> all;
  for (const MigrationRow& row : compare(sets, ledger)) all.push_back(row.state);
  return all;
}

using States = std::vector<MigrationState>;

TEST(Ledger, TellsAppliedFromPending) {
  const Ledger ledger{{{"p", 1}, entry_of(kFirst)}};
  EXPECT_EQ(states({{"p", {kFirst, kSecond}}}, ledger),
            (States{MigrationState::applied, MigrationState::pending}));
}

TEST(Ledger, TellsEditedMissingAndLate) {
  const Ledger ledger{{{"p", 2}, entry_of(kSecond)}};
  EXPECT_EQ(states({{"p", {kFirst, {2, "0002_b.sql", "changed"}}}}, ledger),
            (States{MigrationState::out_of_order, MigrationState::edited}));
  EXPECT_EQ(states({{"p", {}}}, ledger), States{MigrationState::missing});
}

TEST(Ledger, LeavesDisabledPluginsOut) {
  const Ledger ledger{{{"gone", 1}, entry_of(kFirst)}};
  EXPECT_TRUE(states({{"p", {}}}, ledger).empty());
}

TEST(Ledger, AcceptsFilesInAnyOrder) {
  EXPECT_NO_THROW(check_sets({{"p", {kSecond, kFirst}}}));
  const std::vector<MigrationRow> rows = compare({{"p", {kSecond, kFirst}}}, {});
  EXPECT_EQ(rows[0].number, 1u);
}

TEST(RoleNames, AreWordsThatPostgresTakesWhole) {
  EXPECT_EQ(runtime_role("org.example.plank"), "calixo_org_example_plank");
  EXPECT_EQ(owner_role("store"), "calixo_store_owner");
  EXPECT_EQ(runtime_role("host"), "calixo_host_runtime");
  EXPECT_EQ(owner_role("host"), "");
  const std::string one(80, 'a');
  const std::string other = one + "b";
  EXPECT_LE(owner_role(one).size(), 63u);
  EXPECT_NE(runtime_role(one), runtime_role(other));
}

TEST(Sha256, MatchesTheStandardsExample) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(HostMigrations, AreNumberedWithoutGaps) {
  const MigrationSet set = host_migrations();
  EXPECT_EQ(set.plugin, "host");
  ASSERT_FALSE(set.migrations.empty());
  EXPECT_NO_THROW(check_sets({set}));
}

}  // namespace
}  // namespace calixo::host
