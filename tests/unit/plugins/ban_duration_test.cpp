// How long a ban lasts, as clients and operators write it.
#include "admin/ban_duration.hpp"

#include <gtest/gtest.h>

namespace calixo::auth {
namespace {

TEST(BanDuration, ReadsUnitsAndTheirSums) {
  EXPECT_EQ(ban_seconds("none"), 0);
  EXPECT_EQ(ban_seconds("24h"), 86'400);
  EXPECT_EQ(ban_seconds("1h30m"), 5'400);
  EXPECT_EQ(ban_seconds("1.5h"), 5'400);
  EXPECT_EQ(ban_seconds("30d"), 2'592'000);
  EXPECT_EQ(ban_seconds("876000h"), 3'153'600'000);
  EXPECT_EQ(ban_seconds("10ms"), 1) << "a ban is at least a second";
}

TEST(BanDuration, RefusesEverythingElse) {
  for (const char* text : {"", "h", "1", "-1h", "+1h", "1h30", "1 h", "0s", "nan", "inf", "infh",
                           "nanh", "1e5h", "0x1h", "99999999999h", "1hh", "None"}) {
    EXPECT_EQ(ban_seconds(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace calixo::auth
