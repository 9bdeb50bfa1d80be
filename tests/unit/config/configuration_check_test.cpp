// What check() finds, and in which words.
#include <gmock/gmock.h>

#include "config/nearest.hpp"
#include "configuration_fixture.hpp"

namespace calixo::host {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

auto finding(const std::string& key, const std::string& part) {
  return AllOf(Field(&ConfigurationFinding::key, key),
               Field(&ConfigurationFinding::message, HasSubstr(part)));
}

TEST(ConfigurationCheck, NamesTheNearestKeyForAnUnknownOneInEveryLayer) {
  Configuration configuration;
  add_sample_keys(configuration);
  const ConfigurationFile file("http.prot = 1\n");
  configuration.load_file(file.path());
  load_environment(configuration, {"CALIXO_HTTP_REQUEST_DEADLINE=5"});
  configuration.set("plugins.auth.requird", "true");
  EXPECT_THAT(
      configuration.check(),
      ElementsAre(
          finding("http.prot", "unknown key (file calixo.properties); did you mean http.port?"),
          finding("CALIXO_HTTP_REQUEST_DEADLINE",
                  "did you mean CALIXO_HTTP_REQUEST_DEADLINE_MS (http.request_deadline_ms)?"),
          finding("plugins.auth.requird", "did you mean plugins.auth.required?")));
}

TEST(ConfigurationCheck, SaysThatNoPluginHasTheAreaWhereNothingIsNear) {
  Configuration configuration;
  add_sample_keys(configuration);
  configuration.set("billing.currency_of_all_prices", "EUR");
  EXPECT_THAT(configuration.check(),
              ElementsAre(finding("billing.currency_of_all_prices",
                                  "no enabled plugin has keys under billing")));
}

TEST(ConfigurationCheck, LeavesVariablesOfTestsAndOfTheFileAlone) {
  Configuration configuration;
  add_sample_keys(configuration);
  load_environment(configuration,
                   {"CALIXO_TEST_DATABASE_URL=x", "CALIXO_CONFIG=/etc/calixo.properties",
                    "HOME=/root", "CALIXOX=1", "CALIXO_PLUGINS_AUTH_REQUIRED=true"});
  EXPECT_THAT(configuration.check(), IsEmpty());
}

TEST(ConfigurationCheck, RefusesValuesOfAnotherTypeBeyondBoundsOrChoices) {
  Configuration configuration;
  add_sample_keys(configuration);
  const ConfigurationFile file(
      "http.port = 80a\nhttp.request_deadline_ms = 65536\nhttp.is_strict = yes\n"
      "log.format = xml\nstore.discount_ratio = nan\nplugins.auth.required = 1\n");
  configuration.load_file(file.path());
  EXPECT_THAT(configuration.check(),
              ElementsAre(finding("http.is_strict", "'yes' is not true or false"),
                          finding("http.port", "'80a' is not a whole number from 0 to 65535"),
                          finding("http.request_deadline_ms",
                                  "'65536' is not a whole number from 0 to 65535"),
                          finding("log.format", "'xml' is not one of auto, text, json"),
                          finding("plugins.auth.required", "'1' is not true or false"),
                          finding("store.discount_ratio", "'nan' is not a number")));
}

TEST(ConfigurationCheck, RefusesAnEmptyNumber) {
  Configuration configuration;
  add_sample_keys(configuration);
  load_environment(configuration, {"CALIXO_HTTP_PORT="});
  EXPECT_THAT(configuration.check(), ElementsAre(finding("http.port", "CALIXO_HTTP_PORT")));
}

TEST(ConfigurationCheck, FindsAKeyThatTheFileGivesTwice) {
  Configuration configuration;
  add_sample_keys(configuration);
  const ConfigurationFile file("http.port = 1\nhttp.port = 2\n");
  configuration.load_file(file.path());
  EXPECT_THAT(configuration.check(), ElementsAre(finding("http.port", "given more than once")));
}

TEST(ConfigurationCheck, AsksForARequiredKeyAndSaysHowToGiveIt) {
  Configuration configuration;
  Key key = key_of("billing.account", KeyType::text, "");
  key.required = true;
  must_add(configuration, key);
  EXPECT_THAT(configuration.check(),
              ElementsAre(finding("billing.account", "set CALIXO_BILLING_ACCOUNT")));
  configuration.set("billing.account", "");
  EXPECT_THAT(configuration.check(), SizeIs(1));
  configuration.set("billing.account", "one");
  EXPECT_THAT(configuration.check(), IsEmpty());
}

TEST(ConfigurationCheck, NeverQuotesASecretNorTheValueOfAnUnknownKey) {
  Configuration configuration;
  add_sample_keys(configuration);
  const std::string secret = "hunter2" + std::string(200, 'x');
  configuration.set("database.url", secret);
  configuration.set("database.urll", secret);
  load_environment(configuration, {"CALIXO_DATABASE_PASSWORD=" + secret});
  const auto findings = configuration.check();
  EXPECT_THAT(findings, SizeIs(3));
  for (const ConfigurationFinding& found : findings) {
    EXPECT_THAT(found.message, Not(HasSubstr("hunter2")));
  }
}

TEST(ConfigurationCheck, KeepsAMessageOnOneLineWhateverTheValue) {
  Configuration configuration;
  add_sample_keys(configuration);
  configuration.set("http.port", "1\n2\x1b[31m" + std::string(1000, 'x'));
  const auto findings = configuration.check();
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].message, AllOf(Not(HasSubstr("\n")), Not(HasSubstr("\x1b"))));
  EXPECT_LT(findings[0].message.size(), 200u);
}

TEST(Nearest, CountsASwapOfNeighboursAsOneEdit) {
  EXPECT_EQ(edit_distance("prot", "port"), 1u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("same", "same"), 0u);
}

TEST(Nearest, AnswersNothingWhereNothingIsNear) {
  EXPECT_EQ(nearest("status", {"up", "plan"}), "");
  EXPECT_EQ(nearest("staus", {"up", "status"}), "status");
  EXPECT_EQ(nearest(std::string(100'000, 'x'), {"up"}), "");
}

}  // namespace
}  // namespace calixo::host
