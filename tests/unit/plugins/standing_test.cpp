// What overrides access tokens: sessions that ended, bans, roles.
#include "standing/standing.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace calixo::auth {
namespace {

StandingChange revoked(std::int64_t id, const std::string& subject, std::int64_t until_s = 0) {
  return {id, subject, "", true, until_s, 1'000};
}
StandingChange role(std::int64_t id, const std::string& subject, const std::string& name) {
  return {id, subject, name, false, 0, 1'000};
}

TEST(Standing, RefusesSessionsAndAccountsThatAreRevoked) {
  Standing standing;
  EXPECT_FALSE(standing.is_revoked("ana", "s1", 5));
  EXPECT_EQ(standing.take({revoked(1, "s1"), revoked(2, "eva")}).size(), 2u);
  EXPECT_TRUE(standing.is_revoked("ana", "s1", 5));
  EXPECT_FALSE(standing.is_revoked("ana", "s2", 5));
  EXPECT_TRUE(standing.is_revoked("eva", "s3", 5));
}

TEST(Standing, EndsABanByItsTimeOrByWord) {
  Standing standing;
  standing.take({revoked(1, "ana", 100)});
  EXPECT_TRUE(standing.is_revoked("ana", "s", 99));
  EXPECT_FALSE(standing.is_revoked("ana", "s", 100));
  standing.take({{2, "ana", "", false, 0, 1'000}});
  EXPECT_FALSE(standing.is_revoked("ana", "s", 50));
}

TEST(Standing, TakesEachChangeOnceInTheOrderOfItsIds) {
  Standing standing;
  EXPECT_EQ(standing.take({role(2, "ana", "user")}).size(), 1u);
  EXPECT_TRUE(standing.take({role(2, "ana", "user"), role(1, "ana", "admin")}).empty());
  EXPECT_EQ(standing.app_role_of("ana"), "user");
  EXPECT_EQ(standing.app_role_of("eva"), "");
  standing.take({revoked(3, "ana")});
  EXPECT_EQ(standing.app_role_of("ana"), "user") << "access and role are two things";
}

TEST(Standing, ForgetsWhatIsOld) {
  Standing standing;
  standing.take({revoked(1, "old")});
  standing.take({{2, "new", "", true, 0, 2'000}});
  standing.forget_before(1'500);
  EXPECT_FALSE(standing.is_revoked("old", "", 5));
  EXPECT_TRUE(standing.is_revoked("new", "", 5));
}

TEST(Standing, IsReadWhileItChanges) {
  Standing standing;
  std::atomic<bool> is_over{false};
  std::thread reader([&] {
    std::int64_t known = 0;  // what was seen once stays seen
    while (!is_over) {
      if (!standing.is_revoked("", std::to_string(known), 5)) continue;
      ASSERT_TRUE(standing.is_revoked("", std::to_string(known / 2), 5));
      ++known;
    }
  });
  for (std::int64_t i = 0; i < 2'000; ++i) standing.take({revoked(i + 1, std::to_string(i))});
  is_over = true;
  reader.join();
  for (int i = 0; i < 2'000; ++i) EXPECT_TRUE(standing.is_revoked("", std::to_string(i), 5));
}

}  // namespace
}  // namespace calixo::auth
