// Layers, types and the overlay of runtime keys.
#include "config/configuration.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "configuration_fixture.hpp"

namespace calixo::host {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(Configuration, AnswersTheDefaultWhereNoLayerSpeaks) {
  Configuration configuration;
  add_sample_keys(configuration);
  EXPECT_EQ(configuration.get_int("http.port"), 8080);
  EXPECT_EQ(configuration.origin("http.port"), "default");
  EXPECT_EQ(configuration.get_real("store.discount_ratio"), 0.5);
  EXPECT_FALSE(configuration.get_bool("http.is_strict"));
  EXPECT_EQ(configuration.raw("http.port"), "");
}

TEST(Configuration, EnvironmentGoesAboveTheFileAndSetAboveBoth) {
  Configuration configuration;
  add_sample_keys(configuration);
  const ConfigurationFile file("http.port = 1\nhttp.host = file\nhttp.request_deadline_ms = 7\n");
  configuration.load_file(file.path());
  load_environment(configuration, {"CALIXO_HTTP_PORT=2", "CALIXO_HTTP_HOST=environment", "PATH=/"});
  configuration.set("http.port", "3");
  EXPECT_EQ(configuration.get_int("http.port"), 3);
  EXPECT_EQ(configuration.origin("http.port"), "--set");
  EXPECT_EQ(configuration.get_text("http.host"), "environment");
  EXPECT_EQ(configuration.origin("http.host"), "environment");
  EXPECT_EQ(configuration.get_int("http.request_deadline_ms"), 7);
  EXPECT_EQ(configuration.origin("http.request_deadline_ms"), "file calixo.properties");
  EXPECT_THAT(configuration.check(), IsEmpty());
}

TEST(Configuration, ALaterFileGoesAboveAnEarlierOne) {
  Configuration configuration;
  add_sample_keys(configuration);
  const ConfigurationFile first("http.port = 1\nhttp.host = first\n"), second("http.port = 2\n");
  configuration.load_file(first.path());
  configuration.load_file(second.path());
  EXPECT_EQ(configuration.get_int("http.port"), 2);
  EXPECT_EQ(configuration.get_text("http.host"), "first");
}

TEST(Configuration, GivesValuesToKeysRegisteredAfterTheLayersAreRead) {
  Configuration configuration;
  load_environment(configuration, {"CALIXO_HTTP_PORT=81"});
  EXPECT_EQ(configuration.raw("http.port"), "81");
  add_sample_keys(configuration);
  EXPECT_EQ(configuration.get_int("http.port"), 81);
}

TEST(Configuration, ReadsVariablesOfKeysWithUnderscores) {
  Configuration configuration;
  add_sample_keys(configuration);
  load_environment(configuration, {"CALIXO_HTTP_REQUEST_DEADLINE_MS=99"});
  EXPECT_EQ(configuration.get_int("http.request_deadline_ms"), 99);
  EXPECT_THAT(configuration.check(), IsEmpty());
}

TEST(Configuration, RefusesAKeyWhoseVariableIsAnothersKeys) {
  Configuration configuration;
  add_sample_keys(configuration);
  EXPECT_THAT(configuration.add_key(integer_key("http.request.deadline_ms", "1")),
              HasSubstr("CALIXO_HTTP_REQUEST_DEADLINE_MS is already that of "
                        "http.request_deadline_ms"));
}

TEST(Configuration, RefusesMalformedTakenAndContradictoryKeys) {
  Configuration configuration;
  add_sample_keys(configuration);
  for (const char* name : {"", "port", "Http.port", "http.", ".port", "http..port", "http.9x",
                           "http.po rt", "*.port", "http.*", "a.*.*.b", "http.p*rt"}) {
    EXPECT_NE(configuration.add_key(integer_key(name, "1")), "") << name;
  }
  EXPECT_THAT(configuration.add_key(integer_key("http.port", "1")),
              HasSubstr("already registered by host"));
  EXPECT_THAT(configuration.add_key(integer_key("http.other", "many")),
              HasSubstr("its default 'many' is not a whole number"));
  Key both = integer_key("http.both", "1");
  both.secret = both.is_public = true;
  EXPECT_THAT(configuration.add_key(both), HasSubstr("exclude each other"));
}

TEST(Configuration, TakesValuesAsTheyStandWithoutExpandingReferences) {
  Configuration configuration;
  add_sample_keys(configuration);
  configuration.set("http.host", "${http.port}$${x");
  EXPECT_EQ(configuration.get_text("http.host"), "${http.port}$${x");
}

TEST(Configuration, SplitsAListAtCommasAndDropsEmptyItems) {
  Configuration configuration;
  add_sample_keys(configuration);
  configuration.set("http.host", " auth , ,store,");
  EXPECT_THAT(configuration.get_list("http.host"), ElementsAre("auth", "store"));
  configuration.set("http.host", "");
  EXPECT_THAT(configuration.get_list("http.host"), IsEmpty());
}

TEST(Configuration, AnswersTheDefaultForAValueThatDoesNotFit) {
  Configuration configuration;
  add_sample_keys(configuration);
  configuration.set("http.port", "70000");
  EXPECT_EQ(configuration.get_int("http.port"), 8080);
}

TEST(Configuration, APatternKeyStandsForEveryNameInItsPlace) {
  Configuration configuration;
  add_sample_keys(configuration);
  const ConfigurationFile file("plugins.org.example.plank.required = false\n");
  configuration.load_file(file.path());
  load_environment(configuration, {"CALIXO_PLUGINS_AUTH_REQUIRED=false"});
  EXPECT_FALSE(configuration.get_bool("plugins.org.example.plank.required"));
  EXPECT_FALSE(configuration.get_bool("plugins.auth.required"));
  EXPECT_EQ(configuration.raw("plugins.auth.required"), "false");
  EXPECT_EQ(configuration.origin("plugins.auth.required"), "environment");
  EXPECT_TRUE(configuration.get_bool("plugins.store.required"));
  ASSERT_NE(configuration.find("plugins.store.required"), nullptr);
  EXPECT_EQ(configuration.find("plugins.store.required")->name, "plugins.*.required");
  EXPECT_EQ(configuration.find("plugins.required"), nullptr);
  EXPECT_THAT(configuration.check(), IsEmpty());
}

TEST(Configuration, ThrowsForAFileThatCannotBeRead) {
  Configuration configuration;
  EXPECT_THROW(configuration.load_file("/nonexistent/calixo.properties"), std::runtime_error);
  EXPECT_THROW(configuration.load_file("/"), std::runtime_error);
  const ConfigurationFile large(std::string(1024 * 1024 + 1, '#'));
  EXPECT_THROW(configuration.load_file(large.path()), std::runtime_error);
}

TEST(Configuration, ShowsOfASecretOnlyThatItIsSet) {
  Configuration configuration;
  add_sample_keys(configuration);
  EXPECT_EQ(configuration.shown("database.url"), "");
  configuration.set("database.url", "postgresql://u:hunter2@h/d");
  EXPECT_EQ(configuration.shown("database.url"), "(set, secret)");
  EXPECT_EQ(configuration.get_text("database.url"), "postgresql://u:hunter2@h/d");
  EXPECT_EQ(configuration.shown("http.port"), "8080");
}

TEST(ConfigurationDeathTest, AbortsForAKeyThatNobodyRegisteredOrOfAnotherType) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Configuration configuration;
  add_sample_keys(configuration);
  EXPECT_DEATH((void)configuration.get_int("http.prot"), "http.prot was read, and nobody");
  EXPECT_DEATH((void)configuration.get_int("http.host"), "http.host was read as another type");
}

TEST(RuntimeOverlay, GoesAboveEveryLayerAndReturnsToThemWhenItEnds) {
  Configuration configuration;
  add_sample_keys(configuration);
  configuration.set("store.limit_per_minute", "20");
  EXPECT_THAT(configuration.overlay_runtime({{"store.limit_per_minute", "30"}}), IsEmpty());
  EXPECT_EQ(configuration.get_int("store.limit_per_minute"), 30);
  EXPECT_EQ(configuration.origin("store.limit_per_minute"), "database");
  EXPECT_THAT(configuration.overlay_runtime({}), IsEmpty());
  EXPECT_EQ(configuration.get_int("store.limit_per_minute"), 20);
  EXPECT_EQ(configuration.origin("store.limit_per_minute"), "--set");
}

TEST(RuntimeOverlay, RefusesBootKeysUnknownKeysAndBadValuesAndTakesTheRest) {
  Configuration configuration;
  add_sample_keys(configuration);
  const auto refused = configuration.overlay_runtime({{"http.port", "1"},
                                                      {"store.limit_per_minut", "1"},
                                                      {"store.limit_per_minute", "0"},
                                                      {"store.discount_ratio", "0.25"}});
  ASSERT_EQ(refused.size(), 3u);
  EXPECT_THAT(refused[0].message, HasSubstr("read at start only"));
  EXPECT_THAT(refused[1].message, HasSubstr("did you mean store.limit_per_minute?"));
  EXPECT_THAT(refused[2].message, HasSubstr("'0' is not a whole number from 1 to 1000"));
  EXPECT_EQ(configuration.get_int("http.port"), 8080);
  EXPECT_EQ(configuration.get_int("store.limit_per_minute"), 10);
  EXPECT_EQ(configuration.get_real("store.discount_ratio"), 0.25);
}

TEST(RuntimeOverlay, ReadersSeeWholeValuesWhileItChanges) {
  Configuration configuration;
  add_sample_keys(configuration);
  std::atomic<bool> is_ended = false;
  std::atomic<int> torn = 0, reads = 0;
  std::thread reader([&] {
    while (!is_ended) {
      const std::int64_t limit = configuration.get_int("store.limit_per_minute");
      const std::string greeting = configuration.get_text("store.greeting");
      if (limit != 10 && limit != 900) ++torn;
      if (greeting != "hello" && greeting != std::string(100, 'x')) ++torn;
      ++reads;
    }
  });
  for (int i = 0; i < 1000 || reads < 1000; ++i) {
    configuration.overlay_runtime(
        {{"store.limit_per_minute", "900"}, {"store.greeting", std::string(100, 'x')}});
    configuration.overlay_runtime({});
  }
  is_ended = true;
  reader.join();
  EXPECT_EQ(torn, 0);
}

}  // namespace
}  // namespace calixo::host
