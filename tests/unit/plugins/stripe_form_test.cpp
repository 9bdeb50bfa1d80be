// Requests to Stripe are form-encoded without a character that could mean something else, and plans
// are read as they are written.
#include "billing/form.hpp"

#include <gtest/gtest.h>

#include "billing/plans.hpp"

namespace calixo::billing {
namespace {

TEST(StripeForm, EscapesWhateverCouldMeanSomethingElse) {
  EXPECT_EQ(encoded({{"metadata[user_id]", "17 & 18=+"}, {"a", ""}, {"ñ", "100%"}}),
            "metadata%5Buser_id%5D=17%20%26%2018%3D%2B&a=&%C3%B1=100%25");
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded(std::string_view("\0\r\n/", 4)), "%00%0D%0A%2F");
  EXPECT_EQ(encoded({}), "");
}

TEST(Plans, AreNamesWithPrices) {
  const std::vector<Plan> two = {{"monthly", "price_1"}, {"year-ly", "price_2"}};
  EXPECT_EQ(parse_plans("monthly:price_1,year-ly:price_2"), two);
  EXPECT_EQ(parse_plans("  monthly : price_1 , year-ly:price_2 "), two);
  EXPECT_EQ(parse_plans(""), std::vector<Plan>());
  EXPECT_EQ(parse_plans("   "), std::vector<Plan>());
}

TEST(Plans, RefusesWhatIsWrittenOtherwise) {
  for (const char* text : {"monthly", "monthly:", ":price_1", "a:b:c", "a b:c",
                           "a:price_1,a:price_2", "a:price_1,b:price_1", "a=b", ",", "a:b,,c:d"}) {
    EXPECT_EQ(parse_plans(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace calixo::billing
