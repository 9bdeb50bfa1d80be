// What a provider sends back by a form, and what of it is taken.
#include <calixo/query.hpp>

#include <gtest/gtest.h>

#include <string>

#include "oauth/callback_query.hpp"
#include "oauth/provider_person.hpp"

namespace calixo::auth {
namespace {

TEST(ProviderCallback, ReadsTheFormThatAppleSends) {
  const auto came = parse_query<CallbackQuery>(
      "state=s-1_x&code=c.0.abc&id_token=ignored&user=%7B%22name%22%3A%7B%22firstName%22%3A%22Ana+"
      "Mar%C3%ADa%22%2C%22lastName%22%3A%22Gil%22%7D%2C%22email%22%3A%22ana%40example.org%22%7D");
  EXPECT_EQ(came.state, "s-1_x");
  EXPECT_EQ(came.code, "c.0.abc");
  EXPECT_FALSE(came.error);
  EXPECT_EQ(name_of_first_visit(came.user.value_or("")), "Ana María Gil");
}

TEST(ProviderCallback, ReadsARefusal) {
  const auto came = parse_query<CallbackQuery>("state=s&error=user_cancelled_authorize");
  EXPECT_EQ(came.error, "user_cancelled_authorize");
  EXPECT_FALSE(came.code || came.user);
}

TEST(ProviderCallback, TakesHalfAName) {
  EXPECT_EQ(name_of_first_visit(R"({"name":{"firstName":"Ana"}})"), "Ana");
  EXPECT_EQ(name_of_first_visit(R"({"name":{"firstName":"","lastName":"Gil"}})"), "Gil");
}

TEST(ProviderCallback, TakesNothingElseForAName) {
  const std::string long_one(200, 'x');
  for (const std::string& user :
       {std::string(), std::string("nonsense"), std::string("[]"), std::string("{}"),
        std::string("null"), std::string(R"({"name":"Ana"})"), std::string(R"({"name":[]})"),
        std::string(R"({"name":{"firstName":7}})"),
        std::string(R"({"name":{"firstName":"A\u0000B"}})"),
        std::string(R"({"name":{"firstName":"A\nB"}})"),
        R"({"name":{"firstName":")" + long_one + R"("}})",
        R"({"name":{"firstName":"Ana"},"more":")" + std::string(5000, 'x') + R"("})"}) {
    EXPECT_EQ(name_of_first_visit(user), "") << user.substr(0, 60);
  }
}

}  // namespace
}  // namespace calixo::auth
