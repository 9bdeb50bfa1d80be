// The generated default file and reference, and the server's own keys.
#include <gmock/gmock.h>

#include <regex>
#include <sstream>

#include "config/host_keys.hpp"
#include "configuration_fixture.hpp"

namespace calixo::host {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// The generated file with every key set to its default.
std::string activated(const std::string& properties) {
  return std::regex_replace(properties, std::regex("(^|\n)#([a-z*][a-z0-9_.*]* =)"), "$1$2");
}

TEST(PropertiesReference, HasEveryKeyWithItsDefaultAndReadsBackToIt) {
  Configuration configuration;
  add_sample_keys(configuration);
  must_add(configuration, key_of("odd.value", KeyType::text, "a\\b\tc=d"));
  const std::string properties = properties_reference(configuration);
  for (const Key* key : configuration.keys()) {
    EXPECT_THAT(properties, HasSubstr("\n#" + key->name + " ="));
  }
  const ConfigurationFile as_it_stands(properties), active(activated(properties));
  Configuration untouched, read_back;
  for (Configuration* reader : {&untouched, &read_back}) {
    add_sample_keys(*reader);
    must_add(*reader, key_of("odd.value", KeyType::text, ""));
  }
  untouched.load_file(as_it_stands.path());
  EXPECT_THAT(untouched.check(), IsEmpty());
  EXPECT_EQ(untouched.origin("http.port"), "default");
  read_back.load_file(active.path());
  EXPECT_EQ(read_back.origin("http.port"), "file calixo.properties");
  EXPECT_EQ(read_back.get_text("odd.value"), "a\\b\tc=d");
}

TEST(PropertiesReference, KeepsLinesWithin100ColumnsAndDescriptionsInComments) {
  Configuration configuration;
  Key key = key_of("store.note", KeyType::text, "");
  key.description = "first\nhttp.port = 1 " + std::string(60, 'x') + " " + std::string(60, 'y');
  must_add(configuration, key);
  std::istringstream lines(properties_reference(configuration));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 100u) << line;
    EXPECT_TRUE(line.empty() || line[0] == '#') << line;
  }
}

TEST(MarkdownReference, TellsTypeBoundsMarksAndOwnerInOneRowEach) {
  Configuration configuration;
  add_sample_keys(configuration);
  Key key = key_of("store.shape", KeyType::text, "a|b");
  key.description = "One | two\nthree";
  must_add(configuration, key);
  const std::string markdown = markdown_reference(configuration);
  EXPECT_THAT(markdown, HasSubstr("\n## http\n"));
  EXPECT_THAT(markdown, HasSubstr("| `store.limit_per_minute` | a whole number from 1 to 1000 | "
                                  "`10` | A sample. *runtime* | host |\n"));
  EXPECT_THAT(markdown, HasSubstr("| `store.shape` | a text | `a\\|b` | One \\| two three |"));
  EXPECT_THAT(markdown, HasSubstr("*secret*"));
}

TEST(HostKeys, AreAllDescribedBoundedAndSoundByDefault) {
  Configuration configuration;
  add_host_keys(configuration);
  EXPECT_THAT(configuration.check(), IsEmpty());
  for (const Key* key : configuration.keys()) {
    EXPECT_EQ(key->owner, "host");
    EXPECT_THAT(key->description, testing::EndsWith(".")) << key->name;
    if (key->type == KeyType::integer) {
      EXPECT_TRUE(key->min && key->max) << key->name;
    }
  }
  EXPECT_EQ(configuration.get_text("http.host"), "127.0.0.1");
  EXPECT_EQ(configuration.get_int("runtime.watchdog_threshold_ms"), 50);
  EXPECT_EQ(configuration.get_list("plugins.enabled").size(), 7u);
  EXPECT_TRUE(configuration.get_bool("plugins.auth.required"));
}

TEST(HostKeys, KeepThisMachinesPathsOutOfTheReference) {
  Configuration configuration;
  add_host_keys(configuration);
  const std::string path = configuration.get_text("plugins.path");
  ASSERT_NE(path, "");
  EXPECT_THAT(properties_reference(configuration), Not(HasSubstr(path)));
  EXPECT_THAT(markdown_reference(configuration), Not(HasSubstr(path)));
}

}  // namespace
}  // namespace calixo::host
