#include "plugin/grant_policy.hpp"

#include <gmock/gmock.h>

namespace calixo::host {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

RegisteredGrant grant(std::string table, std::string privilege,
                      std::vector<std::string> columns = {}) {
  return {std::move(table), std::move(privilege), std::move(columns), "because"};
}

TEST(GrantPolicy, ReadsTheConfigurationsForm) {
  std::string fault;
  const auto read = parse_grants(" users:select( id , email ),user_challenges : select ", fault);
  ASSERT_TRUE(read) << fault;
  ASSERT_THAT(*read, SizeIs(2));
  EXPECT_EQ(grant_text(read->at(0)), "users:select(email,id)");
  EXPECT_EQ(grant_text(read->at(1)), "user_challenges:select");
  EXPECT_THAT(*parse_grants("", fault), SizeIs(0));
}

TEST(GrantPolicy, NamesThePlaceThatCantBeRead) {
  for (const char* text :
       {"users", "users:", ":select", "users:select(", "users:select()", "users:select(id",
        "a:select b:select", "users;drop:select", "\"users\":select", "users:select,,"}) {
    std::string fault;
    EXPECT_FALSE(parse_grants(text, fault)) << text;
    EXPECT_THAT(fault, HasSubstr("table:privilege")) << text;
  }
}

TEST(GrantPolicy, CoversColumnsByTheTableAndNotTheReverse) {
  const auto is_covered = [](const RegisteredGrant& asked, const RegisteredGrant& allowed) {
    return missing_grants({asked}, {allowed}).empty();
  };
  EXPECT_TRUE(is_covered(grant("t", "select", {"a"}), grant("t", "select")));
  EXPECT_TRUE(is_covered(grant("t", "select", {"a"}), grant("t", "select", {"a", "b"})));
  EXPECT_FALSE(is_covered(grant("t", "select"), grant("t", "select", {"a"})));
  EXPECT_FALSE(is_covered(grant("t", "select", {"a", "c"}), grant("t", "select", {"a", "b"})));
  EXPECT_FALSE(is_covered(grant("t", "update", {"a"}), grant("t", "select")));
}

TEST(GrantPolicy, NamesWhatIsMissingTheReasonAndTheWholeLine) {
  const std::string refusal = grants_refusal(
      "org.example.x", {grant("t", "select"), grant("u", "update", {"a", "b"})}, {}, "t:select");
  EXPECT_EQ(refusal,
            "it asks for access that is not allowed: u:update(a,b) (\"because\"); to allow it, "
            "write: plugins.org.example.x.grants = t:select, u:update(a,b)");
  EXPECT_THAT(grants_refusal("x", {grant("t", "select")}, {}, "t"),
              HasSubstr("plugins.x.grants can't be read"));
}

TEST(GrantPolicy, NeedsNothingForThePluginsOwnTables) {
  EXPECT_EQ(grants_refusal("x", {grant("mine", "select")}, {"mine"}, ""), "");
}

}  // namespace
}  // namespace calixo::host
