// What the store takes from others: movements that plugins ask for.
#include <gtest/gtest.h>

#include <string>

#include "store/movement_check.hpp"

namespace calixo::store {
namespace {

class MovementCheck : public testing::Test {
 protected:
  static calixo_str text(const std::string& of) { return {of.data(), of.size()}; }

  bool is_taken() {
    movement_.user_id = text(user_id_);
    movement_.reason = text(reason_);
    movement_.source = text(source_);
    return is_movement(&movement_);
  }

  std::string user_id_ = "00000000-0000-4000-8000-000000000001";
  std::string reason_ = "challenge";
  std::string source_ = "attempt:17";
  calixo_movement movement_{sizeof(calixo_movement), {}, 1, {}, {}, 0};
};

TEST_F(MovementCheck, TakesWhatIsWellFormed) {
  EXPECT_TRUE(is_taken());
  movement_.amount = 1'000'000'000;
  movement_.item_id = INT32_MAX;
  reason_ = std::string(40, '_');
  source_ = std::string(118, 'z') + "-.";
  EXPECT_TRUE(is_taken());
}

TEST_F(MovementCheck, RefusesAmountsBeyondTheirBounds) {
  for (const std::int64_t amount :
       {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1'000'000'001}, INT64_MAX}) {
    movement_.amount = amount;
    EXPECT_FALSE(is_taken()) << amount;
    EXPECT_TRUE(names_movement(&movement_)) << "the amount is not its name";
  }
}

TEST_F(MovementCheck, RefusesTextsThatAreNone) {
  for (const std::string& reason :
       {std::string(), std::string("Gift"), std::string("a1"), std::string("a b"),
        std::string(41, 'a'), std::string("a\0b", 3), std::string("\xc3\xb1")}) {
    reason_ = reason;
    EXPECT_FALSE(is_taken()) << reason;
  }
  reason_ = "gift";
  for (const std::string& source :
       {std::string(), std::string("A"), std::string("a b"), std::string(121, 'a'),
        std::string("a'b"), std::string("a\0b", 3)}) {
    source_ = source;
    EXPECT_FALSE(is_taken()) << source;
  }
}

TEST_F(MovementCheck, RefusesWhatIsNoPersonNoItemOrNoStruct) {
  EXPECT_FALSE(is_movement(nullptr));
  user_id_ = "nobody";
  EXPECT_FALSE(is_taken());
  user_id_ = "00000000-0000-4000-8000-000000000001";
  for (const std::int64_t item_id : {std::int64_t{-1}, std::int64_t{INT32_MAX} + 1}) {
    movement_.item_id = item_id;
    EXPECT_FALSE(is_taken()) << item_id;
  }
  movement_.item_id = 0;
  movement_.struct_size = sizeof(calixo_movement) - 1;
  EXPECT_FALSE(is_taken());
}

}  // namespace
}  // namespace calixo::store
