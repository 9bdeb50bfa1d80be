#include "cli/arguments.hpp"

#include <gmock/gmock.h>

namespace calixo::host {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::vector<OptionSpec> kOptions{
    {"email", "ADDRESS", "", false}, {"set", "KEY=VALUE", "", true}, {"json", "", "", false}};

std::string fault_of(const std::vector<std::string>& words) {
  try {
    Arguments::parse(words, kOptions);
  } catch (const UsageError& fault) {
    return fault.what();
  }
  return {};
}

TEST(Arguments, TakesOptionsAnywhereBeforeTheTwoDashes) {
  const auto parsed = Arguments::parse(
      {"one", "--email", "a@b", "two", "--set=x=1", "--json", "--set", "y=", "--", "--three", "--"},
      kOptions);
  EXPECT_EQ(parsed.value("email"), "a@b");
  EXPECT_THAT(parsed.values("set"), ElementsAre("x=1", "y="));
  EXPECT_TRUE(parsed.has("json"));
  EXPECT_THAT(parsed.positional(), ElementsAre("one", "two", "--three", "--"));
}

TEST(Arguments, AnswersNothingForAnOptionThatWasNotGiven) {
  const auto parsed = Arguments::parse({}, kOptions);
  EXPECT_FALSE(parsed.has("json"));
  EXPECT_EQ(parsed.value("email"), std::nullopt);
  EXPECT_THAT(parsed.values("set"), IsEmpty());
}

TEST(Arguments, AnswersTheLastOfSeveralValues) {
  EXPECT_EQ(Arguments::parse({"--email", "a", "--email=b"}, kOptions).value("email"), "b");
  EXPECT_EQ(Arguments::parse({"--email="}, kOptions).value("email"), "");
}

TEST(Arguments, NamesTheNearestOptionForAnUnknownOneWithoutItsValue) {
  EXPECT_EQ(fault_of({"--emial=secret"}), "unknown option --emial; did you mean --email?");
  EXPECT_EQ(fault_of({"-x"}), "unknown option -x");
  EXPECT_EQ(fault_of({"-email", "a"}), "unknown option -email; did you mean --email?");
}

TEST(Arguments, RefusesAMissingValueAndAValueForASwitch) {
  EXPECT_EQ(fault_of({"--email"}), "--email needs a value: --email ADDRESS");
  EXPECT_EQ(fault_of({"--email", "--json"}), "--email needs a value: --email ADDRESS");
  EXPECT_EQ(fault_of({"--json=yes"}), "--json takes no value");
}

TEST(Arguments, TakesNumbersAndASingleDashForWords) {
  EXPECT_THAT(Arguments::parse({"-1", "-", "-0.5"}, kOptions).positional(),
              ElementsAre("-1", "-", "-0.5"));
  EXPECT_EQ(Arguments::parse({"--email", "-7"}, kOptions).value("email"), "-7");
}

TEST(Arguments, HandsUnknownWordsThroughInTheirOrderWhereOnlyKnownOnesAreTaken) {
  const auto parsed = Arguments::parse_known(
      {"users", "--name", "x", "--json", "-v", "--email", "a", "--", "--json", "z"}, kOptions);
  EXPECT_TRUE(parsed.has("json"));
  EXPECT_EQ(parsed.value("email"), "a");
  EXPECT_THAT(parsed.positional(), ElementsAre("users", "--name", "x", "-v", "--", "--json", "z"));
  EXPECT_THROW(Arguments::parse_known({"--email"}, kOptions), UsageError);
}

}  // namespace
}  // namespace calixo::host
