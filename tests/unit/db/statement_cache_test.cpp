#include "db/statement_cache.hpp"

#include <gtest/gtest.h>

namespace calixo::host {
namespace {

TEST(StatementCache, FindsByRoleAndText) {
  StatementCache cache(4);
  const auto* entry = cache.insert("role", "select 1");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(cache.find("role", "select 1"), entry);
  EXPECT_EQ(cache.find("other", "select 1"), nullptr);
  EXPECT_EQ(cache.find("role", "select 2"), nullptr);
}

TEST(StatementCache, ClosesTheLeastRecentlyUsed) {
  StatementCache cache(2);
  const std::string first = cache.insert("r", "1")->name;
  cache.confirm(1);
  const std::string second = cache.insert("r", "2")->name;
  cache.confirm(2);
  cache.find("r", "1");
  ASSERT_NE(cache.insert("r", "3"), nullptr);
  EXPECT_EQ(cache.size(), 2u);
  EXPECT_NE(cache.find("r", "1"), nullptr);
  EXPECT_EQ(cache.find("r", "2"), nullptr);
  EXPECT_EQ(cache.take_closing(), std::vector<std::string>{second});
  EXPECT_EQ(cache.closing_count(), 0u);
}

TEST(StatementCache, KeepsWhatIsStillBeingPrepared) {
  StatementCache cache(1);
  ASSERT_NE(cache.insert("r", "1"), nullptr);
  EXPECT_EQ(cache.insert("r", "2"), nullptr);
  EXPECT_NE(cache.find("r", "1"), nullptr);
}

TEST(StatementCache, NeverGivesANameTwice) {
  StatementCache cache(4);
  const std::string name = cache.insert("r", "1")->name;
  cache.forget(1);
  EXPECT_EQ(cache.closing_count(), 0u) << "it never was on the server";
  EXPECT_NE(cache.insert("r", "1")->name, name);
}

TEST(StatementCache, ClosesWhatIsInvalidated) {
  StatementCache cache(4);
  const std::string name = cache.insert("r", "1")->name;
  cache.confirm(1);
  cache.invalidate(1);
  EXPECT_EQ(cache.find("r", "1"), nullptr);
  EXPECT_EQ(cache.take_closing(), std::vector<std::string>{name});
}

TEST(StatementCache, OutlivesNothingOfALostConnection) {
  StatementCache cache(4);
  cache.insert("r", "1");
  cache.invalidate(1);
  cache.insert("r", "2");
  cache.clear();
  EXPECT_EQ(cache.size(), 0u);
  EXPECT_EQ(cache.closing_count(), 0u);
  EXPECT_EQ(cache.find("r", "2"), nullptr);
}

}  // namespace
}  // namespace calixo::host
