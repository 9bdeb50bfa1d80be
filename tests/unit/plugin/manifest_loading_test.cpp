// A library's manifest against what it registers, and what is known without opening it.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>

#include "config/configuration.hpp"
#include "plugin/conflicts.hpp"
#include "plugin/manifest_file.hpp"
#include "plugin/plugin_manager.hpp"

namespace calixo::host {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string file_of(const std::string& fixture) {
  return std::string(CALIXO_FIXTURES) + "/lib" + fixture + ".so";
}

EnabledManifest manifest(const std::string& fixture) {
  return {file_of(fixture), read_manifest(file_of(fixture)).value()};
}

struct Loaded {
  explicit Loaded(const std::vector<std::string>& enabled,
                  PluginSource source = PluginSource::libraries,
                  const std::map<std::string, std::string>& settings = {}) {
    context.configuration = &configuration;
    for (const auto& [name, value] : settings) configuration.set(name, value);
    manager.load(enabled, CALIXO_FIXTURES, source);
    manager.resolve(configuration);
    manager.check_grants(configuration);
  }
  Configuration configuration;
  HostContext context;
  PluginManager manager{context};
};

// Sets a variable for the length of a test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { ::unsetenv(name_); }

 private:
  const char* name_;
};

TEST(ManifestLoading, TellsWhatThePluginRegistersBeforeItRuns) {
  const Manifest read = manifest("plain").manifest;
  EXPECT_EQ(read.id, "plain");
  EXPECT_EQ(read.registrations.routes.at(0).route.path, "/plain");
  EXPECT_EQ(read.registrations.keys.at(0).max, 100);
  EXPECT_THAT(read.build, Contains(testing::Key("compiler")));
}

TEST(ManifestLoading, RunsNothingOfTheLibrary) {
  const std::string trace = testing::TempDir() + "/loud_" + std::to_string(::getpid());
  const Variable variable("FIXTURE_LOUD_FILE", trace);
  EXPECT_EQ(manifest("loud").manifest.id, "loud");
  const Loaded looked_at({"loud"}, PluginSource::manifests);
  EXPECT_EQ(looked_at.manager.plugins().at(0)->registrations.routes.at(0).route.path, "/loud");
  EXPECT_THAT(find_conflicts({manifest("loud"), manifest("plain")}, {}), IsEmpty());
  EXPECT_FALSE(std::filesystem::exists(trace));
  const Loaded opened({"loud"});
  EXPECT_TRUE(std::filesystem::exists(trace)) << "the trap does not work";
  std::filesystem::remove(trace);
}

TEST(ManifestLoading, RefusesALibraryWithoutOneAndNamesTheWayOut) {
  const Loaded loaded({"bare"});
  EXPECT_THAT(loaded.manager.fatal_failures(),
              ElementsAre(AllOf(HasSubstr("no manifest"), HasSubstr("calixo_add_plugin"),
                                HasSubstr("plugins.bare.manifest = optional"))));
}

TEST(ManifestLoading, OpensALibraryWithoutOneWhereTheOperatorAllowsIt) {
  for (const PluginSource source : {PluginSource::libraries, PluginSource::manifests}) {
    const Loaded loaded({"bare"}, source, {{"plugins.bare.manifest", "optional"}});
    EXPECT_THAT(loaded.manager.fatal_failures(), IsEmpty());
    EXPECT_FALSE(loaded.manager.plugins().at(0)->has_manifest);
  }
}

TEST(ManifestLoading, RefusesAPluginThatRegistersWhatItsManifestDoesNotSay) {
  EXPECT_THAT(Loaded({"lies"}).manager.fatal_failures(), IsEmpty());
  const Variable variable("FIXTURE_LIE", "1");
  const std::map<std::string, std::string> optional{{"plugins.lies.manifest", "optional"}};
  for (const auto& settings : {std::map<std::string, std::string>(), optional}) {
    const Loaded loaded({"lies"}, PluginSource::libraries, settings);
    EXPECT_THAT(loaded.manager.fatal_failures(),
                ElementsAre(AllOf(HasSubstr("routes: the file does not have"), HasSubstr("/hidden"),
                                  HasSubstr("rebuild it"))));
  }
}

TEST(ManifestLoading, NamesBothPluginsWhoseMigrationsMakeOneTable) {
  const Loaded loaded({"table", "same_table"});
  EXPECT_THAT(
      loaded.manager.fatal_failures(),
      ElementsAre(AllOf(HasSubstr("table things"), HasSubstr("of table and of same_table"))));
}

TEST(ManifestLoading, FindsEveryConflictInTheFilesAlone) {
  const auto between = [](const std::string& a, const std::string& b) {
    return find_conflicts({manifest(a), manifest(b)}, {});
  };
  EXPECT_THAT(between("plain", "same_route"),
              ElementsAre(AllOf(HasSubstr("/plain"), HasSubstr("plain"), HasSubstr("same_route"))));
  EXPECT_THAT(between("plain", "same_key"),
              ElementsAre(HasSubstr("key plain.limit is claimed by plugin plain and by plugin "
                                    "same_key")));
  EXPECT_THAT(between("table", "same_table"), ElementsAre(HasSubstr("table things")));
  EXPECT_THAT(between("offers", "offers_too"), ElementsAre(HasSubstr("service test.greeting/1")));
  EXPECT_THAT(between("extends", "extends_too"), ElementsAre(HasSubstr("\"friendly\"")));
  EXPECT_THAT(between("point", "extends"), IsEmpty());
  EXPECT_THAT(between("plain", "plain"), Contains(HasSubstr("plugin id plain is in")));
}

TEST(ManifestLoading, FindsConflictsWithTheServersOwnRoutes) {
  Route own;
  own.method = "GET";
  own.path = "/plain";
  own.owner = "host";
  EXPECT_THAT(find_conflicts({manifest("plain")}, {own}), ElementsAre(HasSubstr("/plain")));
}

TEST(ManifestLoading, FailsAPluginThatAsksForMoreThanItIsAllowed) {
  const Loaded refused({"asks"}, PluginSource::manifests);
  EXPECT_THAT(refused.manager.fatal_failures(),
              ElementsAre(AllOf(HasSubstr("users:select(email,id) (\"It greets people by name.\")"),
                                HasSubstr("plugins.asks.grants = users:select(email,id)"))));
  const Loaded allowed({"asks"}, PluginSource::libraries,
                       {{"plugins.asks.grants", "users:select(id, email)"}});
  EXPECT_THAT(allowed.manager.fatal_failures(), IsEmpty());
  const std::vector<TableGrant> grants = allowed.manager.migration_sets().at(0).grants;
  EXPECT_THAT(grants, ElementsAre(TableGrant{"asks", "users", "select", {"email", "id"}}));
}

}  // namespace
}  // namespace calixo::host
