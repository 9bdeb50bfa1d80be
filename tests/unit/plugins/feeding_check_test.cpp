// What other plugins hand over is refused wherever calixo/abi/avatar.h does not allow it.
#include "avatar/feeding_check.hpp"

#include <gtest/gtest.h>

#include <string>

namespace calixo::avatar {
namespace {

calixo_str text(const std::string& words) { return {words.data(), words.size()}; }

const std::string kPerson = "00000000-0000-4000-8000-000000000001";
const std::string kSource = "attempt:17";

calixo_feeding meal() {
  return {sizeof(calixo_feeding), 100, 1'000'000, 0, text(kPerson), text(kSource)};
}

TEST(Feeding, IsTakenAtItsBounds) {
  calixo_feeding fed = meal();
  EXPECT_TRUE(is_well_formed(&fed));
  fed.energy = fed.experience = 0;
  EXPECT_TRUE(is_well_formed(&fed));
}

TEST(Feeding, IsRefusedBeyondThem) {
  EXPECT_FALSE(is_well_formed(static_cast<const calixo_feeding*>(nullptr)));
  const auto with = [](auto change) {
    calixo_feeding fed = meal();
    change(fed);
    return is_well_formed(&fed);
  };
  EXPECT_FALSE(with([](auto& fed) { fed.struct_size -= 1; }));
  EXPECT_FALSE(with([](auto& fed) { fed.energy = 101; }));
  EXPECT_FALSE(with([](auto& fed) { fed.energy = -1; }));
  EXPECT_FALSE(with([](auto& fed) { fed.experience = 1'000'001; }));
  EXPECT_FALSE(with([](auto& fed) { fed.experience = -1; }));
  EXPECT_FALSE(with([](auto& fed) { fed.streak_days = -1; }));
  EXPECT_FALSE(with([](auto& fed) { fed.user_id = {"someone", 7}; }));
  EXPECT_FALSE(with([](auto& fed) { fed.user_id = {nullptr, 0}; }));
}

TEST(Feeding, KnowsASourceByItsCharactersAndLength) {
  const auto takes = [](const std::string& source) {
    calixo_feeding fed = meal();
    fed.source = text(source);
    return is_well_formed(&fed);
  };
  EXPECT_TRUE(takes("a"));
  EXPECT_TRUE(takes("social_session:9.a-b"));
  EXPECT_TRUE(takes(std::string(120, 'a')));
  for (const std::string& wrong : {std::string(), std::string(121, 'a'), std::string("Attempt:1"),
                                   std::string("attempt 1"), std::string("a\0b", 3)}) {
    EXPECT_FALSE(takes(wrong)) << wrong;
  }
}

TEST(Cosmetic, IsKnownByTwoWords) {
  const auto takes = [](const std::string& category, const std::string& item) {
    const calixo_cosmetic named{sizeof(calixo_cosmetic), text(category), text(item)};
    return is_well_formed(&named);
  };
  EXPECT_TRUE(takes("hat", "straw_hat"));
  EXPECT_TRUE(takes("hat", std::string(64, 'a')));
  EXPECT_FALSE(takes("hat", std::string(65, 'a')));
  EXPECT_FALSE(takes("", "straw_hat"));
  EXPECT_FALSE(takes("hat", "straw hat"));
  EXPECT_FALSE(takes("Hat", "beret"));
  const calixo_cosmetic cut{sizeof(calixo_cosmetic) - 1, {"hat", 3}, {"beret", 5}};
  EXPECT_FALSE(is_well_formed(&cut));
}

}  // namespace
}  // namespace calixo::avatar
